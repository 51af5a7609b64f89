using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Storage.Mappings;

/// <summary>Charted history. No relation to releases: it is written in bulk and trimmed by age alone.</summary>
internal sealed class SignalPointMapping : IEntityTypeConfiguration<SignalPoint>
{
    public void Configure(EntityTypeBuilder<SignalPoint> builder)
    {
        builder.ToTable("signal_points");
        builder.HasKey(p => new { p.ReleaseId, p.Signal, p.Side, p.At });
        builder.Property(p => p.At).HasColumnName("measured_at");
        builder.Property(p => p.Count).HasColumnName("observations");
        builder.HasIndex(p => p.At, "ix_signal_points_age");
    }
}
