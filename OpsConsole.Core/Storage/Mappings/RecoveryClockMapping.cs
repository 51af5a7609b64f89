using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OpsConsole.Core.Recovery;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Storage.Mappings;

internal sealed class RecoveryClockMapping : IEntityTypeConfiguration<RecoveryClock>
{
    public void Configure(EntityTypeBuilder<RecoveryClock> builder)
    {
        builder.ToTable("recoveries");
        builder.HasKey(c => c.Id);
        builder.Property(c => c.Id).ValueGeneratedNever();
        builder.Property(c => c.Service).HasMaxLength(64);
        builder.Property(c => c.Target).HasMaxLength(64);
        builder.Property(c => c.Environment).HasMaxLength(64);
        builder.Property(c => c.Version).HasMaxLength(256);
        builder.Property(c => c.Signal).HasMaxLength(256);
        builder.Property(c => c.AcknowledgedBy).HasMaxLength(256);
        builder.Property(c => c.Revision).IsConcurrencyToken();
        builder.HasOne<Release>().WithMany().HasForeignKey(c => c.ReleaseId).OnDelete(DeleteBehavior.NoAction);
        builder.HasIndex(c => new { c.ReleaseId, c.OnsetAt, c.Id }, "ix_recoveries_release").IsDescending(false, true, true);
        builder.HasIndex(c => new { c.OnsetAt, c.Id }, "ix_recoveries_newest").IsDescending();
        builder.HasIndex(c => c.EndedAt, "ix_recoveries_ended");
    }
}
