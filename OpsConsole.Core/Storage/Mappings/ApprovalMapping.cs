using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Storage.Mappings;

internal sealed class ApprovalMapping : IEntityTypeConfiguration<Approval>
{
    /// <summary>Keeps one person from speaking twice on the same evidence.</summary>
    public const string OneWordEach = "ux_approvals_word";

    public void Configure(EntityTypeBuilder<Approval> builder)
    {
        builder.ToTable("approvals");
        builder.HasKey(a => a.Id);
        builder.Property(a => a.Id).ValueGeneratedNever();
        builder.Property(a => a.By).HasColumnName("given_by").HasMaxLength(256);
        builder.Property(a => a.Role).HasMaxLength(64);
        builder.Property(a => a.Comment).HasMaxLength(500);
        builder.Property(a => a.At).HasColumnName("given_at");
        builder.Property(a => a.Seal).HasMaxLength(64);
        builder.HasOne<ReleaseAction>().WithMany().HasForeignKey(a => a.ActionId).OnDelete(DeleteBehavior.NoAction);
        builder.HasOne<Release>().WithMany().HasForeignKey(a => a.ReleaseId).OnDelete(DeleteBehavior.NoAction);
        builder.HasIndex(a => new { a.ActionId, a.By, a.Seal }, OneWordEach).IsUnique();
        builder.HasIndex(a => new { a.ReleaseId, a.At }, "ix_approvals_release").IsDescending(false, true);
    }
}

internal sealed class WaiverMapping : IEntityTypeConfiguration<Waiver>
{
    public void Configure(EntityTypeBuilder<Waiver> builder)
    {
        builder.ToTable("waivers");
        builder.HasKey(w => w.Id);
        builder.Property(w => w.Id).ValueGeneratedNever();
        builder.Property(w => w.Gate).HasMaxLength(128);
        builder.Property(w => w.Reason).HasMaxLength(500);
        builder.Property(w => w.By).HasColumnName("given_by").HasMaxLength(256);
        builder.Property(w => w.Role).HasMaxLength(64);
        builder.Property(w => w.At).HasColumnName("given_at");
        builder.Property(w => w.GivenOn).HasConversion<string>().HasMaxLength(16);
        builder.Property(w => w.RevokedBy).HasMaxLength(256);
        builder.Property(w => w.Revision).IsConcurrencyToken();
        builder.HasOne<Release>().WithMany().HasForeignKey(w => w.ReleaseId).OnDelete(DeleteBehavior.NoAction);
        builder.HasIndex(w => new { w.ReleaseId, w.At }, "ix_waivers_release").IsDescending(false, true);
        builder.HasIndex(w => w.ExpiresAt, "ix_waivers_expiry");
    }
}

internal sealed class RejectedDigestMapping : IEntityTypeConfiguration<RejectedDigest>
{
    public void Configure(EntityTypeBuilder<RejectedDigest> builder)
    {
        builder.ToTable("rejected_digests");
        builder.HasKey(r => r.Id);
        builder.Property(r => r.Id).ValueGeneratedNever();
        builder.Property(r => r.Digest).HasMaxLength(256);
        builder.Property(r => r.Title).HasMaxLength(256);
        builder.Property(r => r.Reason).HasMaxLength(500);
        builder.Property(r => r.By).HasColumnName("rejected_by").HasMaxLength(256);
        builder.Property(r => r.At).HasColumnName("rejected_at");
        builder.Property(r => r.LiftedBy).HasMaxLength(256);
        builder.Property(r => r.LiftReason).HasMaxLength(500);
        builder.Property(r => r.Revision).IsConcurrencyToken();
        builder.Ignore(r => r.IsInForce);
        builder.HasIndex(r => new { r.Digest, r.At }, "ix_rejected_digests").IsDescending(false, true);
    }
}
