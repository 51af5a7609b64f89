using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OpsConsole.Core.Switches;

namespace OpsConsole.Core.Storage.Mappings;

internal sealed class SwitchEnvironmentMapping : IEntityTypeConfiguration<SwitchEnvironment>
{
    public void Configure(EntityTypeBuilder<SwitchEnvironment> builder)
    {
        builder.ToTable("switch_environments");
        builder.HasKey(s => new { s.Key, s.Environment });
        builder.Property(s => s.Key).HasMaxLength(64);
        builder.Property(s => s.Environment).HasMaxLength(64);
        builder.Property(s => s.ChangedBy).HasMaxLength(256);
        builder.Property(s => s.TargetedBy).HasMaxLength(256);
        builder.Property(s => s.Revision).IsConcurrencyToken();
        builder.HasOne<KillSwitch>().WithMany().HasForeignKey(s => s.Key).OnDelete(DeleteBehavior.NoAction);
    }
}

internal sealed class FlagPropagationMapping : IEntityTypeConfiguration<FlagPropagation>
{
    public void Configure(EntityTypeBuilder<FlagPropagation> builder)
    {
        builder.ToTable("flag_propagations");
        builder.HasKey(p => p.Id);
        builder.Property(p => p.Id).ValueGeneratedNever();
        builder.Property(p => p.Key).HasMaxLength(64);
        builder.Property(p => p.Environment).HasMaxLength(64);
        builder.Ignore(p => p.Unconfirmed);
        builder.HasIndex(p => new { p.Key, p.FlippedAt, p.Id }, "ix_flag_propagations_flag").IsDescending(false, true, true);
        builder.HasIndex(p => new { p.FlippedAt, p.Id }, "ix_flag_propagations_newest").IsDescending();
    }
}

internal sealed class FlagClientMapping : IEntityTypeConfiguration<FlagClient>
{
    public void Configure(EntityTypeBuilder<FlagClient> builder)
    {
        builder.ToTable("flag_clients");
        builder.HasKey(c => c.Id);
        builder.Property(c => c.Id).ValueGeneratedNever();
        builder.Property(c => c.Name).HasMaxLength(64);
        builder.Property(c => c.Environment).HasMaxLength(64);
        builder.Property(c => c.TokenHash).HasMaxLength(64);
        builder.Property(c => c.CreatedBy).HasMaxLength(256);
        builder.Property(c => c.RevokedBy).HasMaxLength(256);
        builder.HasIndex(c => c.TokenHash, "ux_flag_clients_token").IsUnique();
    }
}
