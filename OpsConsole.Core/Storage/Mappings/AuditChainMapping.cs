using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OpsConsole.Core.Audit;

namespace OpsConsole.Core.Storage.Mappings;

/// <summary>The chain over the audit. Its migration adds a trigger that refuses every change and deletion.</summary>
internal sealed class AuditLinkMapping : IEntityTypeConfiguration<AuditLink>
{
    public void Configure(EntityTypeBuilder<AuditLink> builder)
    {
        builder.ToTable("audit_chain");
        builder.HasKey(l => l.Sequence);
        builder.Property(l => l.Sequence).ValueGeneratedNever();
        builder.Property(l => l.Hash).HasMaxLength(64);
        builder.HasIndex(l => l.LineKey, "ux_audit_chain_line").IsUnique();
    }
}

/// <summary>The end of the chain: one row, made by the migration.</summary>
internal sealed class AuditHeadMapping : IEntityTypeConfiguration<AuditHead>
{
    public void Configure(EntityTypeBuilder<AuditHead> builder)
    {
        builder.ToTable("audit_head");
        builder.HasKey(h => h.Id);
        builder.Property(h => h.Id).ValueGeneratedNever();
        builder.Property(h => h.Hash).HasMaxLength(64);
        builder.HasData(new AuditHead());
    }
}
