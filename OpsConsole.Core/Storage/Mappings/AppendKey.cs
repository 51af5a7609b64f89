using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OpsConsole.Core.Storage.Mappings;

/// <summary>A key that the writer gives to a row before it is written, so that a row whose writing was interrupted is not written twice.</summary>
internal static class AppendKey
{
    public const string Name = "AppendKey";

    public static void HasAppendKey<T>(this EntityTypeBuilder<T> builder, string index)
        where T : class
    {
        builder.Property<Guid>(Name);
        builder.HasIndex([Name], index).IsUnique();
    }
}
