using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OpsConsole.Core.Catalog;

namespace OpsConsole.Core.Storage.Mappings;

internal sealed class CatalogVersionMapping : IEntityTypeConfiguration<CatalogVersion>
{
    public void Configure(EntityTypeBuilder<CatalogVersion> builder)
    {
        builder.ToTable("catalog_versions");
        builder.HasKey(v => v.Number);
        builder.Property(v => v.Number).ValueGeneratedNever();
        builder.Property(v => v.Files).AsJson();
        builder.Property(v => v.Digest).HasMaxLength(64);
        builder.Property(v => v.AppliedBy).HasMaxLength(256);
        builder.Property(v => v.Summary).HasMaxLength(4000);
    }
}
