using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Storage.Mappings;

internal sealed class ReleaseChangesMapping : IEntityTypeConfiguration<ReleaseChanges>
{
    public void Configure(EntityTypeBuilder<ReleaseChanges> builder)
    {
        builder.ToTable("release_changes");
        builder.HasKey(c => c.ReleaseId);
        builder.Property(c => c.ReleaseId).ValueGeneratedNever();
        builder.Property(c => c.Digest).HasMaxLength(64);
        builder.Property(c => c.By).HasMaxLength(256).HasColumnName("posted_by");
        builder.Property(c => c.At).HasColumnName("posted_at");
        builder.HasOne<Release>().WithMany().HasForeignKey(c => c.ReleaseId).OnDelete(DeleteBehavior.NoAction);
    }
}
