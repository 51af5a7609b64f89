using OpsConsole.Core.Access;
using OpsConsole.Core.Board;

namespace OpsConsole.Core.Actions.Gate;

/// <summary>What the gate answers.</summary>
public abstract record GateAnswer
{
    /// <summary>Let through; the action goes on in the background.</summary>
    public sealed record Accepted(ReleaseAction Action) : GateAnswer;

    /// <summary>Not let through, with every reason there is.</summary>
    public sealed record Refused(IReadOnlyList<Refusal> Refusals) : GateAnswer;

    /// <summary>There is no such release or switch.</summary>
    public sealed record NotFound(string Sentence) : GateAnswer;

    /// <summary>The record cannot be written now, so nothing was done; says what to do meanwhile.</summary>
    public sealed record Unavailable(string Sentence) : GateAnswer;
}

/// <summary>What a dialog says before an action, one sentence each.</summary>
public sealed record ActionBriefing
{
    public required string Title { get; init; }

    /// <summary>The one environment that it is about; null: all of them.</summary>
    public string? Environment { get; init; }

    public required string WhatHappens { get; init; }

    public required string WhoFeelsIt { get; init; }

    /// <summary>Measured on this target, with n; "not measured here yet" without.</summary>
    public required string HowLong { get; init; }

    public required string WhatStays { get; init; }

    public required string ToUndo { get; init; }

    /// <summary>What must be typed, or null where nothing must.</summary>
    public string? TypeToConfirm { get; init; }

    public required IReadOnlyList<GateResult> Gates { get; init; }

    /// <summary>Approvals that it asks for before anything is done; 0: none.</summary>
    public int ApprovalsNeeded { get; init; }

    public required IReadOnlyList<Refusal> Refusals { get; init; }

    public long? SeenVersion { get; init; }

    public DateTimeOffset? EvidenceAsOf { get; init; }
}

/// <summary>The one way to change production: judges, records, executes, reads back.</summary>
public interface IActionGate
{
    /// <summary>Asks for an action. Role, release and evidence are read anew; the caller's view is not trusted.</summary>
    Task<GateAnswer> RequestAsync(ActionCommand command, Operator by, CancellationToken cancellationToken);

    /// <summary>The rule's answer on what is on the board now, without reading anything: what a button's state and tooltip show.</summary>
    IReadOnlyList<Refusal> Preview(ActionVerb verb, ReleaseSnapshot release, Operator by);

    /// <summary>What the dialog for an action on a release says.</summary>
    Task<ActionBriefing?> BriefAsync(ActionVerb verb, Guid releaseId, Operator by, CancellationToken cancellationToken);

    /// <summary>What the dialog for a switch says, everywhere or (<paramref name="environment"/>) in one environment.</summary>
    Task<ActionBriefing?> BriefSwitchAsync(ActionVerb verb, string switchKey, string? environment, Operator by, CancellationToken cancellationToken);

    /// <summary>The promotion gates as they stand, with evidence, source and age.</summary>
    IReadOnlyList<GateResult> Gates(ReleaseSnapshot release);
}
