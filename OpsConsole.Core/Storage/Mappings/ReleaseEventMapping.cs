using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Storage.Mappings;

internal sealed class ReleaseEventMapping : IEntityTypeConfiguration<ReleaseEvent>
{
    public void Configure(EntityTypeBuilder<ReleaseEvent> builder)
    {
        builder.ToTable("release_events");
        builder.HasKey(e => e.Id);
        builder.Property(e => e.Actor).HasMaxLength(256);
        builder.HasAppendKey("ux_release_events_append_key");
        builder.HasOne<Release>().WithMany().HasForeignKey(e => e.ReleaseId).OnDelete(DeleteBehavior.NoAction);
        builder.HasIndex(e => new { e.ReleaseId, e.At, e.Id }, "ix_release_events_timeline").IsDescending(false, true, true);
    }
}
