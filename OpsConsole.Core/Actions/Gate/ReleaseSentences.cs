using OpsConsole.Core.Releases;
using OpsConsole.Core.Rollouts;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Actions.Gate;

/// <summary>The sentences of a dialog about a release.</summary>
/// <param name="context">What the rules look at.</param>
/// <param name="wasAsked">Of a release that nobody has: whether a promotion may have left the version with the target; null where that is not known, or makes no difference.</param>
internal sealed class ReleaseSentences(ActionContext context, bool? wasAsked = null)
{
    private static readonly SignalKey RequestRate = new("request_rate");

    private readonly ReleaseState _release = context.Release!;

    private string Previous => _release.PreviousVersion ?? "no previous version";

    private string Unit => context.Target?.ExposureUnit ?? "exposure";

    private string Target => context.Target?.Title ?? _release.Target;

    private string Next => $"{Wording.Percent(_release.NextStage?.ExposurePercent ?? _release.ExposurePercent)} of {Unit}";

    private string Exposed => $"{Wording.Percent(_release.ExposurePercent)} of {Unit}";

    public string Title(ActionVerb verb) => verb == ActionVerb.Promote && _release.NextStage is { } next
        ? $"Promote {_release.Service} to {Wording.Percent(next.ExposurePercent)} on {Target}, {_release.Environment}"
        : $"{verb.Label()} {_release.Service} on {Target}, {_release.Environment}";

    private bool ByFlag => context.Target is { ExposesByFlag: true };

    private string Switch => _release.SwitchKey ?? "the switch";

    public string WhatHappens(ActionVerb verb) => verb switch
    {
        ActionVerb.Promote when _release.NextStage is not { } => $"{_release.Version} is in its last stage; nothing would happen.",
        ActionVerb.Promote when context.Policy.ApprovalsNeeded is > 0 and var needed =>
            $"It asks for {needed} {(needed == 1 ? "approval" : "approvals")}. Once given, and as soon as every gate passes, {(ByFlag ? $"{Switch} is on for {Next}" : $"{Next} go to {_release.Version}")}.",
        ActionVerb.Promote when ByFlag && _release.NextStage is { ExposurePercent: >= 100 } => $"{Switch} is on for everyone whom no rule of its targeting names, and it is watched until it counts as done.",
        ActionVerb.Promote when ByFlag => $"{Switch} is on for {Next} whom no rule of its targeting names, always the same ones; who has it keeps it.",
        ActionVerb.Promote when _release.NextStage is { ExposurePercent: >= 100 } => $"All {Unit} go to {_release.Version}, and it is watched until it counts as done.",
        ActionVerb.Promote => $"{Wording.Percent(_release.NextStage!.ExposurePercent)} of {Unit} go to {_release.Version}; the rest stays on {Previous}.",
        ActionVerb.Halt => $"{_release.Version} stays at {Exposed} and goes no further{Stopping}.",
        ActionVerb.Resume => $"The rollout may go on from {Exposed}; the hold of the stage starts again"
            + (_release.CurrentStage is { } stage ? $" ({Wording.Duration(stage.Hold)})." : ".")
            + (Standing is { } policy ? $" {ReactionWords.AfterResuming(policy)}" : ""),
        _ when _release.IsUnexposed && wasAsked != false => $"The release ends{Stopping}.",
        _ when _release.IsUnexposed => $"The release ends before anyone has it{Stopping}.",
        _ when ByFlag => $"{Switch} goes to 0 %: it is off for everyone whom no rule of its targeting names{Stopping}.",
        _ => $"All {Unit} go to {Previous}, the version that served them before{Stopping}.",
    };

    public string WhoFeelsIt(ActionVerb verb) => verb switch
    {
        ActionVerb.Promote when _release.IsUnexposed => $"Nobody has {_release.Version} yet; the first {Wording.Percent(_release.NextStage?.ExposurePercent ?? 0)} of {Unit} get it.",
        ActionVerb.Promote => $"From {Wording.Percent(_release.ExposurePercent)} to {Wording.Percent(_release.NextStage?.ExposurePercent ?? _release.ExposurePercent)} of {Unit}{RateNow}.",
        ActionVerb.Halt => $"Nobody new gets it; the {Exposed} now on {_release.Version}{RateNow} keep it.",
        ActionVerb.Resume => Standing is { } policy && ReactionWords.KeepsFromPromoting(policy)
            ? "Nobody at once; promotions are possible again when every trigger has recovered."
            : "Nobody at once; later promotions are possible again.",
        _ when _release.ExposurePercent <= 0 => $"Nobody has {_release.Version} as far as the target has confirmed.",
        _ => $"The {Exposed} now on {_release.Version}{RateNow}.",
    };

    public string WhatStays(ActionVerb verb) => verb switch
    {
        ActionVerb.Halt => context.Target?.StaysAfterHalt ?? $"Whoever has {_release.Version} keeps it.",
        ActionVerb.Rollback when Unexposed => wasAsked switch
        {
            false => "Nothing: nobody has it, and the target is not asked.",
            true when context.Target is null => $"Nobody has it as far as is on record. A promotion was asked of its target before, which is not connected now: until it is, nobody knows whether {_release.Version} is there.",
            true => $"Nobody has it as far as is on record. A promotion was asked of its target before, so the target is read, and asked to take {_release.Version} back where it may be there.",
            null => "Nobody has it as far as is known. Where a promotion was asked of its target before, the target is asked.",
        },
        ActionVerb.Rollback => $"{context.Target?.StaysAfterRollback ?? ""} {MigrationSentence}".Trim(),
        ActionVerb.Promote when ByFlag => "The code is shipped already and stays so; rules of the targeting stay as they are.",
        ActionVerb.Promote when _release.NextStage is { ExposurePercent: >= 100 } => $"Nobody stays on {Previous}; it is kept as the way back.",
        ActionVerb.Promote => $"{Wording.Percent(100 - (_release.NextStage?.ExposurePercent ?? _release.ExposurePercent))} of {Unit} stay on {Previous}.",
        _ => $"The exposure stays at {Exposed}.",
    };

    public string ToUndo(ActionVerb verb) => verb switch
    {
        ActionVerb.Promote when ByFlag && _release.Migration != MigrationClass.Contract => $"Roll back, which sets {Switch} to 0 %, or kill the switch.",
        ActionVerb.Promote when context.Target?.Verbs.Contains(ActionVerb.Rollback) == true && _release.PreviousVersion is not null && _release.Migration != MigrationClass.Contract =>
            $"Roll back to {Previous}.",
        ActionVerb.Promote => "It cannot be taken back from who has it: halt it, kill its switch and fix forward.",
        ActionVerb.Halt => "Resume it.",
        ActionVerb.Resume => "Halt it again.",
        _ => "Register a corrected version and start it from its first stage.",
    };

    private PolicyStanding? Standing => context.Snapshot?.Policy;

    private bool Unexposed => _release.IsUnexposed && context.InFlight?.Phase.IsWaiting() != false;

    private string Stopping => context.InFlight is { Verb: ActionVerb.Promote } ? (context.InFlight.Phase.IsWaiting() ? "; the promotion that waits for approval is withdrawn" : "; the promotion in flight is stopped") : "";

    /// <summary>Only when it is measured now.</summary>
    private string RateNow => context.Snapshot?.Signals.FirstOrDefault(s => s.Definition.Key == RequestRate) is { Canary: { } rate, Quality: SignalQuality.Fresh }
        ? $", about {Wording.Rate(rate)} requests a second"
        : "";

    /// <summary>What stays in the database, and what nobody knows of it.</summary>
    private string MigrationSentence
    {
        get
        {
            const string decide = "The console does not roll back by itself here; you decide.";
            var doubts = _release.Doubts;
            if (doubts == RollbackDoubts.None || _release.Migration == MigrationClass.Contract)
            {
                return ClassSentence;
            }

            var lost = doubts.HasFlag(RollbackDoubts.RowsLost) ? $" Rows that the migration of {_release.Version} deleted or overwrote do not come back." : "";
            return doubts switch
            {
                RollbackDoubts.RowsLost => $"{ClassSentence}{lost} {decide}",
                _ when doubts.HasFlag(RollbackDoubts.Unread) => $"Not all of the migration could be read, so nobody knows whether {Previous} works with what it left.{lost} {decide}",
                _ => $"The evidence does not say whether the migration can be undone, so look whether {Previous} works with what it left.{lost} {decide}",
            };
        }
    }

    private string ClassSentence => _release.Migration switch
    {
        MigrationClass.None => $"{_release.Version} changed no database structure.",
        MigrationClass.Expand => $"Rows written by {_release.Version} stay; its migration only adds, so {Previous} reads them.",
        MigrationClass.Migrate => $"Data that {_release.Version} moved stays moved; both shapes exist, so {Previous} works.",
        _ => $"{_release.Version} removed structure or data that {Previous} needs.",
    };
}
