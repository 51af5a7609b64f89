using System.Text.Json;
using OpsConsole.Core.Switches;

namespace OpsConsole.Web.Api;

/// <summary>What a caller sends to kill or restore a switch.</summary>
/// <param name="Reason">Why, 3 to 500 characters; goes to the record.</param>
/// <param name="Environment">The one environment; left out: everywhere.</param>
/// <param name="SeenVersion">Not needed; kept with the action.</param>
/// <param name="Confirmation">Not needed.</param>
internal sealed record SwitchActionRequest(string? Reason, string? Environment, long? SeenVersion, string? Confirmation);

/// <summary>A switch to make.</summary>
/// <param name="Key">The flag key that clients ask for.</param>
/// <param name="Owner">Who answers for it.</param>
/// <param name="TurnsOff">What killing it turns off, for people; 3 to 200 characters.</param>
internal sealed record CreateSwitchRequest(string? Key, string? Owner, string? TurnsOff);

/// <summary>Who gets what a switch guards in one environment.</summary>
/// <param name="Targeting">Rules and the percentage of the rest; null: on for everyone.</param>
/// <param name="Revision">The environment's revision as the switch shows it; 0 where nothing was said of it yet.</param>
/// <param name="Reason">Why, 3 to 500 characters; goes to the record.</param>
internal sealed record TargetingRequest(JsonElement Targeting, int? Revision, string? Reason);

/// <summary>Why a switch is put away.</summary>
/// <param name="Reason">Why, 3 to 500 characters; goes to the record.</param>
/// <param name="Revision">The switch's revision, where it must not have changed.</param>
internal sealed record ArchiveRequest(string? Reason, int? Revision);

/// <summary>What differs about a switch in one environment.</summary>
internal sealed record SwitchPlaceAnswer(
    string Environment, bool Killed, DateTimeOffset ChangedAt, string? ChangedBy, string? Reason, Targeting Targeting, bool Readable, DateTimeOffset? TargetedAt, string? TargetedBy, int Revision)
{
    public static SwitchPlaceAnswer From(SwitchEnvironment p)
    {
        var targeting = TargetingText.ReadStored(p.TargetingJson);
        return new(p.Environment, p.Killed, p.ChangedAt, p.ChangedBy, p.Reason, targeting, !ReferenceEquals(targeting, Targeting.Unreadable), p.TargetedAt, p.TargetedBy, p.Revision);
    }
}

/// <summary>A kill switch as the API shows it. An environment that is not listed is on for everyone, unless it is killed everywhere.</summary>
internal sealed record SwitchAnswer(
    string Key, string Owner, string TurnsOff, bool Killed, DateTimeOffset ChangedAt, string? ChangedBy, string? Reason, DateTimeOffset? ArchivedAt, string? ArchivedBy, int Revision,
    IReadOnlyList<SwitchPlaceAnswer> Environments)
{
    public static SwitchAnswer From(KillSwitch value, IEnumerable<SwitchEnvironment> places) => new(
        value.Key, value.Owner, value.TurnsOff, value.Killed, value.ChangedAt, value.ChangedBy, value.Reason, value.ArchivedAt, value.ArchivedBy, value.Revision,
        [.. places.Where(p => p.Key == value.Key).Select(SwitchPlaceAnswer.From)]);
}

/// <summary>All switches.</summary>
internal sealed record SwitchList(IReadOnlyList<SwitchAnswer> Items);
