using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Storage.Mappings;

internal sealed class ReleaseActionMapping : IEntityTypeConfiguration<ReleaseAction>
{
    /// <summary>Allows one action in flight for each release or switch.</summary>
    public const string OneInFlight = "ux_actions_in_flight";

    /// <summary>Which save a row was last written by, so that a save whose answer was lost can be recognised.</summary>
    public const string SaveKey = "SaveKey";

    public void Configure(EntityTypeBuilder<ReleaseAction> builder)
    {
        builder.ToTable("actions");
        builder.HasKey(a => a.Id);
        builder.Property(a => a.Id).ValueGeneratedNever();
        builder.Property(a => a.SwitchKey).HasMaxLength(64);
        builder.Property(a => a.Service).HasMaxLength(64);
        builder.Property(a => a.Target).HasMaxLength(64);
        builder.Property(a => a.Environment).HasMaxLength(64);
        builder.Property(a => a.Version).HasMaxLength(256);
        builder.Property(a => a.RequestedBy).HasMaxLength(256);
        builder.Property(a => a.Role).HasMaxLength(64);
        builder.Property(a => a.EvidenceSeal).HasMaxLength(64);
        builder.Property(a => a.InFlightKey).HasMaxLength(128);
        builder.Property(a => a.Revision).IsConcurrencyToken();
        builder.Property<Guid>(SaveKey);
        builder.Ignore(a => a.TimeToConfirmed);
        builder.Ignore(a => a.SubjectKey);

        builder.HasOne<Release>().WithMany().HasForeignKey(a => a.ReleaseId).OnDelete(DeleteBehavior.NoAction);
        builder.HasIndex(a => a.InFlightKey, OneInFlight).IsUnique().HasFilter("in_flight_key IS NOT NULL");
        builder.HasIndex(a => new { a.ReleaseId, a.RequestedAt, a.Id }, "ix_actions_release").IsDescending(false, true, true);
        builder.HasIndex(a => new { a.Verb, a.Target, a.FinishedAt }, "ix_actions_confirmed").IsDescending(false, false, true)
            .HasFilter("phase = 'Confirmed'");
    }
}
