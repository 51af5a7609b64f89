using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace OpsConsole.Core.Storage.Mappings;

/// <summary>Column names as SQL people write them, which need no quotes on either provider.</summary>
internal static class SnakeCase
{
    public static void UseColumnNamesInSnakeCase(this ModelBuilder model)
    {
        foreach (var entity in model.Model.GetEntityTypes())
        {
            Rename(entity);
        }
    }

    private static void Rename(IMutableTypeBase type)
    {
        foreach (var property in type.GetDeclaredProperties())
        {
            if (property.FindAnnotation(RelationalAnnotationNames.ColumnName) is null)
            {
                property.SetColumnName(From(property.Name));
            }
        }

        foreach (var part in type.GetDeclaredComplexProperties())
        {
            Rename(part.ComplexType);
        }
    }

    private static string From(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (var c in name)
        {
            if (char.IsUpper(c) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
