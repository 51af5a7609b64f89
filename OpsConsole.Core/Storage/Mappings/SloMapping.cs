using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OpsConsole.Core.Slos;

namespace OpsConsole.Core.Storage.Mappings;

internal sealed class SloMapping : IEntityTypeConfiguration<Slo>
{
    public void Configure(EntityTypeBuilder<Slo> builder)
    {
        builder.ToTable("slos");
        builder.HasKey(s => s.Name);
        builder.Property(s => s.Name).HasMaxLength(64);
        builder.Property(s => s.Title).HasMaxLength(256);
        builder.Property(s => s.Service).HasMaxLength(64);
        builder.Property(s => s.Environment).HasMaxLength(64);
        builder.Property(s => s.Target).HasMaxLength(64);
        builder.Property(s => s.Owner).HasMaxLength(256);
        builder.Property(s => s.Share).HasConversion<string>().HasMaxLength(16);
        builder.Property(s => s.ObjectivePercent).HasPrecision(9, 6).HasConversion(value => value, value => WithoutZeros(value));
        builder.Property(s => s.Period).HasConversion<long>().HasColumnName("period_ticks");
        builder.Property(s => s.Links).AsJson();
        builder.Property(s => s.ChangedBy).HasMaxLength(256);
        builder.Ignore(s => s.AllowedShare);
    }

    /// <summary>As it was written: a database answers with all the digits that its column has.</summary>
    private static decimal WithoutZeros(decimal value) => value / 1.0000000000000000000000000000m;
}

/// <summary>Counted events. No relation to the objectives: they are written in bulk, and deleted with their objective by the store.</summary>
internal sealed class SloWindowMapping : IEntityTypeConfiguration<SloWindow>
{
    public void Configure(EntityTypeBuilder<SloWindow> builder)
    {
        builder.ToTable("slo_windows");
        builder.HasKey(w => new { w.Slo, w.WidthSeconds, w.Start, w.Version });
        builder.Property(w => w.Slo).HasMaxLength(64);
        builder.Property(w => w.Version).HasMaxLength(256);
        builder.Property(w => w.Start).HasColumnName("started_at");
        builder.Property(w => w.Good).HasColumnName("good_events");
        builder.Property(w => w.Total).HasColumnName("total_events");
    }
}

/// <summary>The history of burn-rate alerts. No relation to the objectives: it outlives them.</summary>
internal sealed class SloAlertMapping : IEntityTypeConfiguration<SloAlert>
{
    public void Configure(EntityTypeBuilder<SloAlert> builder)
    {
        builder.ToTable("slo_alerts");
        builder.HasKey(a => a.Id);
        builder.Property(a => a.Id).ValueGeneratedNever();
        builder.Property(a => a.Slo).HasMaxLength(64);
        builder.Property(a => a.Severity).HasConversion<string>().HasMaxLength(16);
        builder.Property(a => a.Burn).HasPrecision(18, 6);
        builder.Property(a => a.Detail).AsJson();
        builder.Ignore(a => a.IsFiring);
        builder.HasIndex(a => new { a.Slo, a.FiredAt, a.Id }, "ix_slo_alerts_newest").IsDescending(false, true, true);
        builder.HasIndex(a => a.ResolvedAt, "ix_slo_alerts_resolved");
    }
}
