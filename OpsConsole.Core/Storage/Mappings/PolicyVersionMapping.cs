using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OpsConsole.Core.Policies;

namespace OpsConsole.Core.Storage.Mappings;

internal sealed class PolicyVersionMapping : IEntityTypeConfiguration<PolicyVersion>
{
    public void Configure(EntityTypeBuilder<PolicyVersion> builder)
    {
        builder.ToTable("policies");
        builder.HasKey(p => new { p.Name, p.Version });
        builder.Property(p => p.Name).HasMaxLength(64);
        builder.Property(p => p.Version).ValueGeneratedNever();
        builder.Property(p => p.Digest).HasMaxLength(64);
        builder.Property(p => p.CreatedBy).HasMaxLength(256);
        builder.Property(p => p.Note).HasMaxLength(512);
    }
}
