using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OpsConsole.Core.Access.Tokens;

namespace OpsConsole.Core.Storage.Mappings;

internal sealed class ServiceTokenMapping : IEntityTypeConfiguration<ServiceToken>
{
    public void Configure(EntityTypeBuilder<ServiceToken> builder)
    {
        builder.ToTable("service_tokens");
        builder.HasKey(t => t.Id);
        builder.Property(t => t.Id).ValueGeneratedNever();
        builder.Property(t => t.Name).HasMaxLength(256);
        builder.Property(t => t.TokenHash).HasMaxLength(64);
        builder.Property(t => t.Scopes).HasMaxLength(ServiceTokenDesk.MaxScopeLength);
        builder.Property(t => t.CreatedBy).HasMaxLength(256);
        builder.Property(t => t.RevokedBy).HasMaxLength(256);
        builder.Ignore(t => t.Scope);
        builder.HasIndex(t => t.TokenHash, "ux_service_tokens_token").IsUnique();
        builder.HasIndex(t => t.ExpiresAt, "ix_service_tokens_expires");
        builder.HasIndex(t => t.IssuedFrom, "ix_service_tokens_issued_from");
    }
}
