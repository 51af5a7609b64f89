using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OpsConsole.Core.Switches;

namespace OpsConsole.Core.Storage.Mappings;

internal sealed class KillSwitchMapping : IEntityTypeConfiguration<KillSwitch>
{
    public void Configure(EntityTypeBuilder<KillSwitch> builder)
    {
        builder.ToTable("switches");
        builder.HasKey(s => s.Key);
        builder.Property(s => s.Key).HasMaxLength(64);
        builder.Property(s => s.Owner).HasMaxLength(256);
        builder.Property(s => s.ChangedBy).HasMaxLength(256);
        builder.Property(s => s.Revision).IsConcurrencyToken();
    }
}
