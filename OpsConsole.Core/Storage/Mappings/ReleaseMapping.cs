using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Storage.Mappings;

internal sealed class ReleaseMapping : IEntityTypeConfiguration<Release>
{
    /// <summary>Allows one release on its way (not yet at 100 %, not ended) for each service, target and environment.</summary>
    public const string OneOnItsWay = "ux_releases_on_its_way";

    public void Configure(EntityTypeBuilder<Release> builder)
    {
        builder.ToTable("releases");
        builder.HasKey(r => r.Id);
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.Property(r => r.Service).HasMaxLength(64);
        builder.Property(r => r.Target).HasMaxLength(64);
        builder.Property(r => r.Environment).HasMaxLength(64);
        builder.Property(r => r.Version).HasMaxLength(256);
        builder.Property(r => r.PreviousVersion).HasMaxLength(256);
        builder.Property(r => r.PreviousDigest).HasMaxLength(256);
        builder.Property(r => r.Owner).HasMaxLength(256);
        builder.Property(r => r.Author).HasMaxLength(256);
        builder.Property(r => r.SwitchKey).HasMaxLength(64);
        builder.Property(r => r.WatchTime).HasConversion<long>().HasColumnName("watch_ticks");
        builder.Property(r => r.Links).AsJson();
        builder.Property(r => r.Stages).AsJson();
        builder.Property(r => r.Signals).AsJson();
        builder.Property(r => r.Policy).AsOptionalJson();
        builder.Property(r => r.Revision).IsConcurrencyToken();
        builder.ComplexProperty(r => r.Artifact, artifact =>
        {
            artifact.Property(a => a.Digest).HasMaxLength(256).HasColumnName("artifact_digest");
            artifact.Property(a => a.Commit).HasMaxLength(256).HasColumnName("artifact_commit");
            artifact.Property(a => a.BuiltAt).HasColumnName("artifact_built_at");
            artifact.Property(a => a.Provenance).HasColumnName("artifact_provenance");
        });
        builder.Ignore(r => r.CurrentStage);
        builder.Ignore(r => r.NextStage);

        builder.HasIndex(r => new { r.Service, r.Target, r.Environment }, OneOnItsWay).IsUnique()
            .HasFilter("phase IN ('Registered', 'RollingOut', 'Halted')");
        builder.HasIndex(r => new { r.Service, r.Target, r.Environment, r.RegisteredAt, r.Id }, "ix_releases_place").IsDescending(false, false, false, true, true);
        builder.HasIndex(r => new { r.RegisteredAt, r.Id }, "ix_releases_newest").IsDescending();
        builder.HasIndex(r => new { r.Service, r.RegisteredAt, r.Id }, "ix_releases_service").IsDescending(false, true, true);
        builder.HasIndex(r => new { r.Service, r.Version }, "ix_releases_version");
        builder.HasIndex(r => new { r.Target, r.RegisteredAt, r.Id }, "ix_releases_target").IsDescending(false, true, true);
        builder.HasIndex(r => new { r.Environment, r.RegisteredAt, r.Id }, "ix_releases_environment").IsDescending(false, true, true);
        builder.HasIndex(r => new { r.Owner, r.RegisteredAt, r.Id }, "ix_releases_owner").IsDescending(false, true, true);
        builder.HasIndex(r => new { r.Phase, r.RegisteredAt, r.Id }, "ix_releases_phase").IsDescending(false, true, true);
    }
}
