using System.Collections.Immutable;
using OpsConsole.Core.Catalog;

namespace OpsConsole.Web.Playground.Rollouts;

/// <summary>What is asked of a rollout: a state to reach.</summary>
/// <param name="ActionId">Idempotency key.</param>
/// <param name="Version">The version of the rollout.</param>
/// <param name="PreviousVersion">The version that everyone else has.</param>
/// <param name="ExposurePercent">Share that shall have the version, 0 to 100.</param>
/// <param name="Halted">Whether growth shall be stopped.</param>
internal sealed record RolloutChange(Guid ActionId, string Version, string? PreviousVersion, double ExposurePercent, bool Halted)
{
    /// <summary>What is wrong with the form of the change, or null.</summary>
    public string? Problem() =>
        ActionId == Guid.Empty ? "actionId is missing."
        : !IsVersion(Version) || (PreviousVersion is not null && !IsVersion(PreviousVersion)) ? $"A version has 1 to {CatalogName.MaxLength} characters."
        : !(ExposurePercent is >= 0 and <= 100) ? "exposurePercent is not between 0 and 100."
        : null;

    private static bool IsVersion(string? value) => value is { Length: > 0 and <= CatalogName.MaxLength };
}

/// <summary>The rollout of one service: who gets which version.</summary>
internal sealed record Rollout(
    string Service,
    string Version,
    string? PreviousVersion,
    double ExposurePercent,
    bool Halted,
    DateTimeOffset ChangedAt,
    ImmutableArray<Guid> Applied)
{
    /// <summary>How many changes are remembered, so that one of them sent again changes nothing.</summary>
    private const int Remembered = 64;

    /// <summary>The change that was applied last.</summary>
    public Guid? LastActionId => Applied.IsDefaultOrEmpty ? null : Applied[^1];

    public bool HasApplied(Guid actionId) => !Applied.IsDefaultOrEmpty && Applied.Contains(actionId);

    /// <summary>The version for a user or device. Raising the exposure only moves those who had the previous one.</summary>
    public string VersionFor(string who) =>
        PreviousVersion is null || Bucket.Of(Service, who) < ExposurePercent * Bucket.PerPercent ? Version : PreviousVersion;

    /// <summary>The rollout after a change.</summary>
    public static Rollout After(Rollout? before, string service, RolloutChange change, DateTimeOffset at)
    {
        ImmutableArray<Guid> applied = before is null || before.Applied.IsDefault ? [] : before.Applied;
        return new Rollout(
            service,
            change.Version,
            change.PreviousVersion,
            change.ExposurePercent,
            change.Halted,
            at,
            [.. applied.Skip(Math.Max(0, applied.Length - Remembered + 1)), change.ActionId]);
    }
}

/// <summary>Where in the line of all users somebody stands. Always the same place for the same service.</summary>
internal static class Bucket
{
    /// <summary>Places for each percent.</summary>
    public const int PerPercent = 100;

    private const int Places = 100 * PerPercent;

    /// <summary>0 to 9999, evenly spread.</summary>
    public static int Of(string service, string who)
    {
        // FNV-1a, then a finaliser, since names that differ in a last digit must land far apart.
        var hash = 2166136261u;
        hash = Mix(hash, service);
        hash = Mix(hash ^ '/', who);
        hash ^= hash >> 16;
        hash *= 0x85ebca6b;
        hash ^= hash >> 13;
        hash *= 0xc2b2ae35;
        hash ^= hash >> 16;
        return (int)(hash % Places);
    }

    private static uint Mix(uint hash, string text)
    {
        foreach (var c in text)
        {
            hash = (hash ^ c) * 16777619u;
        }

        return hash;
    }
}
