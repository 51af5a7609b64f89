namespace OpsConsole.Core.Actions.Gate;

/// <summary>How long the executor waits for a target.</summary>
public sealed record ExecutionLimits
{
    /// <summary>Longest time a target may take to accept a change.</summary>
    public TimeSpan Apply { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest time until the target must show the change after it was asked.</summary>
    public TimeSpan ReadBack { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest time one reading may take.</summary>
    public TimeSpan Observe { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time a halt looks where the target is before it asks it to stop there: a target that cannot be read does not hold it up.</summary>
    public TimeSpan LookFirst { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Time between two readings.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a run that was overtaken may take to let go of the target.</summary>
    public TimeSpan LetGo { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Age from which an action that nobody carries out any more is adopted: longer than a whole run takes.</summary>
    public TimeSpan AdoptAfter => Apply + ReadBack + Observe + LetGo;
}
