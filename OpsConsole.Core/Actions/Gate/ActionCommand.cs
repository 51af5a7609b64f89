namespace OpsConsole.Core.Actions.Gate;

/// <summary>Something a person or a service asks the gate for. One type for each verb; each beside its rule.</summary>
/// <param name="Reason">Why, for the record: 3 to 500 characters that can be seen; taken in as <see cref="PlainText"/>.</param>
/// <param name="SeenVersion">The snapshot version the decision was made on; null only where the verb's rule allows it.</param>
/// <param name="Confirmation">What was typed to confirm, where the verb asks for it.</param>
public abstract record ActionCommand(string Reason, long? SeenVersion, string? Confirmation)
{
    /// <summary>Shortest reason, in characters after trimming.</summary>
    public const int MinReasonLength = 3;

    /// <summary>Longest reason, in characters.</summary>
    public const int MaxReasonLength = 500;

    private readonly string _reason = PlainText.Of(Reason);

    /// <summary>Why, in one line of plain text.</summary>
    public string Reason
    {
        get => _reason;
        init => _reason = PlainText.Of(value);
    }

    public abstract ActionVerb Verb { get; }
}

/// <summary>A command on a release.</summary>
public abstract record ReleaseCommand(Guid ReleaseId, string Reason, long? SeenVersion, string? Confirmation)
    : ActionCommand(Reason, SeenVersion, Confirmation);

/// <summary>A command on a kill switch.</summary>
public abstract record SwitchCommand(string SwitchKey, string Reason, long? SeenVersion, string? Confirmation)
    : ActionCommand(Reason, SeenVersion, Confirmation)
{
    /// <summary>The one environment it is about; null: everywhere.</summary>
    public string? Environment { get; init; }
}
