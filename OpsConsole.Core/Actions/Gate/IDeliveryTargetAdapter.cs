using OpsConsole.Core.Policies;

namespace OpsConsole.Core.Actions.Gate;

/// <summary>What a target can and cannot do, and what people should know before they ask for it.</summary>
public sealed record TargetCapabilities
{
    /// <summary>Name for people, for example "gateway" or "App Store".</summary>
    public required string Title { get; init; }

    /// <summary>Verbs the target can carry out.</summary>
    public required IReadOnlySet<ActionVerb> Verbs { get; init; }

    /// <summary>Ways of replacing a version that the target can do; a policy that names another is refused.</summary>
    public IReadOnlySet<RolloutStrategy> Strategies { get; init; } = new HashSet<RolloutStrategy>();

    /// <summary>Who is exposed: "requests", "users".</summary>
    public required string ExposureUnit { get; init; }

    /// <summary>What stays exposed after a halt, as one sentence.</summary>
    public required string StaysAfterHalt { get; init; }

    /// <summary>What stays exposed after a roll back, as one sentence.</summary>
    public required string StaysAfterRollback { get; init; }

    /// <summary>What a halt costs here beside the time, as one sentence; null: nothing.</summary>
    public string? HaltCosts { get; init; }

    /// <summary>Whether what everyone has can still be halted: false where the target ends a rollout at 100 %.</summary>
    public bool HaltsAtFull { get; init; } = true;

    /// <summary>True where the exposure is the percentage of the release's own switch: the code is shipped already, no other version takes its place, and a kill shadows it.</summary>
    public bool ExposesByFlag => Strategies.Count == 1 && Strategies.Contains(RolloutStrategy.FeatureFlag);

    /// <summary>What to do instead of a verb that the target cannot do.</summary>
    public required IReadOnlyDictionary<ActionVerb, string> Instead { get; init; }
}

/// <summary>What is asked of a target: a state to reach, so that asking twice is harmless.</summary>
/// <param name="ActionId">Idempotency key.</param>
/// <param name="Service">Service to change.</param>
/// <param name="Environment">Where.</param>
/// <param name="Version">The version of the rollout.</param>
/// <param name="PreviousVersion">The version that serves the rest.</param>
/// <param name="ExposurePercent">Share that shall have <paramref name="Version"/>, 0 to 100.</param>
/// <param name="Halted">Whether growth shall be stopped.</param>
public sealed record TargetChange(Guid ActionId, string Service, string Environment, string Version, string? PreviousVersion, double ExposurePercent, bool Halted);

/// <summary>What a target was seen to be in.</summary>
/// <param name="ExposurePercent">Share that has the version asked about, 0 to 100.</param>
/// <param name="Halted">Whether growth is stopped.</param>
/// <param name="LastActionId">Idempotency key of the last change that reached the target, where it tells.</param>
/// <param name="ObservedAt">When it was read.</param>
public sealed record TargetObservation(double ExposurePercent, bool Halted, Guid? LastActionId, DateTimeOffset ObservedAt)
{
    /// <summary>Share that comes back when the kill that shadows it is restored, 0 to 100; null while nothing shadows it.</summary>
    public double? Beneath { get; init; }

    /// <summary>Why the target goes no further than what it shows, as a sentence; null: it does not say.</summary>
    public string? Stuck { get; init; }

    /// <summary>Who has the version besides that share, as a sentence; null: nobody that the target knows of.</summary>
    public string? Besides { get; init; }

    /// <summary>What the target still does by itself about what was asked last, as a sentence; null: it is done with it. While it goes on nothing that grows counts as reached, nor as failed.</summary>
    public string? Underway { get; init; }

    /// <summary>True where the target is still to give the version out by what it was asked last, whoever has it now: while that is so nothing is taken back, also at 0 %.</summary>
    public bool IsComing { get; init; }

    /// <summary>True where the target raises that share by itself as time passes: a share is reached there when it shows as much or more.</summary>
    public bool GrowsByItself { get; init; }

    /// <summary>What standing still has cost so far, where the target allows it only so long, as a sentence; null: nothing.</summary>
    public string? HaltCost { get; init; }

    /// <summary>Share that the release stands at, whether a kill shadows it or not: what a change of the rollout is read back by, so that restoring never exposes more than is on record.</summary>
    public double StandsAt => Beneath ?? ExposurePercent;
}

/// <summary>The target said no, in its own words or in ours.</summary>
public sealed class TargetRefusedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The target could not be reached or did not answer in time: what it did is not known.</summary>
public sealed class TargetUnreachableException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>True where the target did answer, and said that it does not know what it was asked about: there is nothing to read, and nothing is wrong with the connection.</summary>
    public bool Answered { get; init; }
}

/// <summary>Carries out changes on one delivery target and reads them back.</summary>
public interface IDeliveryTargetAdapter
{
    /// <summary>The name that releases use for this target.</summary>
    string Target { get; }

    /// <summary>What kind of target it is, as the configuration names it; null: it does not say.</summary>
    string? Kind => null;

    /// <summary>The one environment whose releases it may change; null: every one.</summary>
    string? Environment => null;

    TargetCapabilities Capabilities { get; }

    /// <summary>What else the adapter is able to do, whatever it is wrapped in; null where it is not.</summary>
    T? As<T>()
        where T : class => this as T;

    /// <summary>Asks the target to reach a state. Returning means that the target accepted it, not that it is so.</summary>
    /// <exception cref="TargetRefusedException">The target said no; nothing changed.</exception>
    /// <exception cref="TargetUnreachableException">Not known whether anything changed.</exception>
    Task ApplyAsync(TargetChange change, CancellationToken cancellationToken);

    /// <summary>Reads what the target is in now.</summary>
    /// <exception cref="TargetUnreachableException">It could not be read.</exception>
    Task<TargetObservation> ObserveAsync(string service, string environment, string version, CancellationToken cancellationToken);
}

/// <summary>Finds the adapter of a target.</summary>
public interface ITargetRegistry
{
    /// <summary>The adapter of a target in an environment, or null where it is not connected there: its releases are shown, and cannot be acted on from here.</summary>
    IDeliveryTargetAdapter? Find(string target, string environment);

    /// <summary>As <see cref="Find"/>, for asking about what is only a draft: how that ends is not noted as how the target does.</summary>
    IDeliveryTargetAdapter? FindForDraft(string target, string environment) => Find(target, environment);

    /// <summary>What a target can do in one of the environments where it is connected, for a list of targets; null where it is in none. A release goes by <see cref="Find"/>.</summary>
    TargetCapabilities? CapabilitiesOf(string target);

    /// <summary>Names of the targets that have one.</summary>
    IReadOnlyCollection<string> Connected { get; }

    /// <summary>Every adapter, with how its target was last asked.</summary>
    IReadOnlyList<ConnectedTarget> List();

    /// <summary>Adds the adapter of a target in its environment, or replaces it.</summary>
    void Add(IDeliveryTargetAdapter adapter);

    /// <summary>Takes the adapter of a target in an environment away, or with null the one for every environment: its releases are shown from then on, and cannot be acted on from here.</summary>
    void Remove(string target, string? environment);
}
