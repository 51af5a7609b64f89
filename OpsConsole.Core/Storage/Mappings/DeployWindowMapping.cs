using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OpsConsole.Core.Gates;

namespace OpsConsole.Core.Storage.Mappings;

internal sealed class DeployWindowMapping : IEntityTypeConfiguration<DeployWindow>
{
    public void Configure(EntityTypeBuilder<DeployWindow> builder)
    {
        builder.ToTable("deploy_windows");
        builder.HasKey(w => w.Id);
        builder.Property(w => w.Id).ValueGeneratedNever();
        builder.Property(w => w.Name).HasMaxLength(128);
        builder.Property(w => w.Service).HasMaxLength(64);
        builder.Property(w => w.Target).HasMaxLength(64);
        builder.Property(w => w.Environment).HasMaxLength(64);
        builder.Property(w => w.StartsAt).HasConversion<long>().HasColumnName("starts_at_ticks");
        builder.Property(w => w.Lasts).HasConversion<long>().HasColumnName("lasts_ticks");
        builder.Property(w => w.TimeZone).HasMaxLength(64);
        builder.Property(w => w.From).HasColumnName("holds_from");
        builder.Property(w => w.To).HasColumnName("holds_to");
        builder.Property(w => w.Reason).HasMaxLength(500);
        builder.Property(w => w.CreatedBy).HasMaxLength(256);
        builder.Property(w => w.EndedBy).HasMaxLength(256);
        builder.Property(w => w.Revision).IsConcurrencyToken();
    }
}
