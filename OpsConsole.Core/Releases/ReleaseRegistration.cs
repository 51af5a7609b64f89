using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Releases;

/// <summary>A stage as a pipeline writes it.</summary>
/// <param name="ExposurePercent">Above 0, at most 100.</param>
/// <param name="HoldSeconds">How long the stage is held at least; 0 for not at all. Left out it is a fault, since a slip of the pen must not take the hold away.</param>
public sealed record StageRegistration(double ExposurePercent, double? HoldSeconds);

/// <summary>A signal as a pipeline writes it: a known name with what differs from the known definition, or a whole definition.</summary>
public sealed record SignalRegistration
{
    public required string Key { get; init; }

    public string? Title { get; init; }

    public SignalFamily? Family { get; init; }

    public SignalUnit? Unit { get; init; }

    public BetterWhen? Better { get; init; }

    public SignalAggregation? Aggregation { get; init; }

    public double? Limit { get; init; }

    public double? DeltaLimit { get; init; }

    public long? MinimumCount { get; init; }

    public bool? Required { get; init; }

    public double? WindowSeconds { get; init; }

    /// <summary>Seconds that one sample is itself taken over where it is measured, 0 to 600; see <see cref="SignalDefinition.SampledOver"/>.</summary>
    public double? SampledOverSeconds { get; init; }

    public double? StaleAfterSeconds { get; init; }
}

/// <summary>A named person takes it on themselves that a release has no executable way back.</summary>
/// <param name="By">The person, 1 to 128 characters.</param>
/// <param name="Reason">Why that is acceptable, 1 to 512 characters.</param>
public sealed record NoWayBack(string By, string Reason);

/// <summary>What a pipeline says when it registers a release.</summary>
public sealed record ReleaseRegistration
{
    public required string Service { get; init; }

    public required string Target { get; init; }

    public required string Environment { get; init; }

    public required string Version { get; init; }

    public string? PreviousVersion { get; init; }

    public required Artifact Artifact { get; init; }

    public string? PreviousDigest { get; init; }

    public required string Owner { get; init; }

    public string? Author { get; init; }

    public string? SwitchKey { get; init; }

    /// <summary>Id of the bad release that this one fixes forward; it may be halted still.</summary>
    public Guid? Fixes { get; init; }

    /// <summary>Default: what the policy says, else none.</summary>
    public MigrationClass? Migration { get; init; }

    public ReleaseLinks? Links { get; init; }

    /// <summary>Default: those of the policy, else 5 % 10 min, 25 % 20 min, 50 % 20 min, 100 %.</summary>
    public IReadOnlyList<StageRegistration>? Stages { get; init; }

    /// <summary>Default: errors and latency of a web service.</summary>
    public IReadOnlyList<SignalRegistration>? Signals { get; init; }

    /// <summary>Default: as the policy says, else 600.</summary>
    public double? WatchSeconds { get; init; }

    /// <summary>The release's own policy as text (docs/policies.md); this or <see cref="PolicyName"/>, or neither.</summary>
    public string? Policy { get; init; }

    /// <summary>Name of a policy in the library.</summary>
    public string? PolicyName { get; init; }

    /// <summary>Version of <see cref="PolicyName"/>; default: the latest.</summary>
    public int? PolicyVersion { get; init; }

    /// <summary>Needed where a release with a policy has no executable way back.</summary>
    public NoWayBack? AcceptNoWayBack { get; init; }
}
