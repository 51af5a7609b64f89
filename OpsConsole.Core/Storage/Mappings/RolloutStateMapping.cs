using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Rollouts;

namespace OpsConsole.Core.Storage.Mappings;

internal sealed class RolloutStateMapping : IEntityTypeConfiguration<RolloutState>
{
    public void Configure(EntityTypeBuilder<RolloutState> builder)
    {
        builder.ToTable("rollouts");
        builder.HasKey(r => r.ReleaseId);
        builder.Property(r => r.ReleaseId).ValueGeneratedNever();
        builder.Property(r => r.Revision).IsConcurrencyToken();
        builder.HasOne<Release>().WithOne().HasForeignKey<RolloutState>(r => r.ReleaseId).OnDelete(DeleteBehavior.NoAction);
    }
}

internal sealed class AnalysisRunMapping : IEntityTypeConfiguration<AnalysisRun>
{
    public void Configure(EntityTypeBuilder<AnalysisRun> builder)
    {
        builder.ToTable("analysis_runs");
        builder.HasKey(r => r.Id);
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.Property(r => r.At).HasColumnName("analysed_at");
        builder.Property(r => r.Verdict).HasMaxLength(16);
        builder.HasOne<Release>().WithMany().HasForeignKey(r => r.ReleaseId).OnDelete(DeleteBehavior.NoAction);
        builder.HasIndex(r => new { r.ReleaseId, r.At, r.Id }, "ix_analysis_runs_newest").IsDescending(false, true, true);
    }
}
