using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OpsConsole.Core.Audit;

namespace OpsConsole.Core.Storage.Mappings;

/// <summary>The audit. Its migration adds a trigger that refuses every change and deletion.</summary>
internal sealed class AuditEntryMapping : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        builder.ToTable("audit");
        builder.HasKey(a => a.Id);
        builder.Property(a => a.Actor).HasMaxLength(256);
        builder.Property(a => a.Role).HasMaxLength(64);
        builder.Property(a => a.Event).HasMaxLength(64);
        builder.Property(a => a.Subject).HasMaxLength(256);
        builder.Property(a => a.Outcome).HasMaxLength(32);
        builder.Property(a => a.EvidenceSeal).HasMaxLength(64);
        builder.HasAppendKey("ux_audit_append_key");
        builder.HasIndex(a => new { a.At, a.Id }, "ix_audit_newest").IsDescending();
        builder.HasIndex(a => new { a.Actor, a.At, a.Id }, "ix_audit_actor").IsDescending(false, true, true);
        builder.HasIndex(a => new { a.Event, a.At, a.Id }, "ix_audit_event").IsDescending(false, true, true);
        builder.HasIndex(a => new { a.Outcome, a.At, a.Id }, "ix_audit_outcome").IsDescending(false, true, true);
        builder.HasIndex(a => new { a.Subject, a.At, a.Id }, "ix_audit_subject").IsDescending(false, true, true);
    }
}
