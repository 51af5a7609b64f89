using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Gates;

/// <summary>What came of a change to waivers, windows or rejected artifacts.</summary>
public abstract record RecordAnswer<T>
{
    /// <summary>It is on record.</summary>
    public sealed record Done(T Value) : RecordAnswer<T>;

    /// <summary>Not let through, with every reason there is.</summary>
    public sealed record Refused(IReadOnlyList<Refusal> Refusals) : RecordAnswer<T>;

    /// <summary>What it is about is not there.</summary>
    public sealed record NotFound(string Sentence) : RecordAnswer<T>;

    /// <summary>The record cannot be written now, so nothing was changed.</summary>
    public sealed record Unavailable(string Sentence) : RecordAnswer<T>;
}
