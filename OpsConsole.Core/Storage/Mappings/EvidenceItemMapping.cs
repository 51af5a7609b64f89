using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Storage.Mappings;

internal sealed class EvidenceItemMapping : IEntityTypeConfiguration<EvidenceItem>
{
    /// <summary>Keeps one document of one stage and source from being there twice.</summary>
    public const string OneOfEach = "ux_evidence_document";

    public void Configure(EntityTypeBuilder<EvidenceItem> builder)
    {
        builder.ToTable("evidence");
        builder.HasKey(e => e.Id);
        builder.Property(e => e.Id).ValueGeneratedNever();
        builder.Property(e => e.Kind).HasMaxLength(32);
        builder.Property(e => e.Stage).HasMaxLength(32);
        builder.Property(e => e.Source).HasMaxLength(128);
        builder.Property(e => e.ContentDigest).HasMaxLength(64);
        builder.Property(e => e.ArtifactDigest).HasMaxLength(256);
        builder.Property(e => e.ReceivedBy).HasMaxLength(256);
        builder.HasOne<Release>().WithMany().HasForeignKey(e => e.ReleaseId).OnDelete(DeleteBehavior.NoAction);
        builder.HasIndex(e => new { e.ReleaseId, e.Stage, e.Source, e.ContentDigest }, OneOfEach).IsUnique();
        builder.HasIndex(e => new { e.ReleaseId, e.ReceivedAt, e.Id }, "ix_evidence_newest").IsDescending(false, true, true);
    }
}
