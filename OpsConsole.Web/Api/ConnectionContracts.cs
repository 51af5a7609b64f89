using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Signals;
using OpsConsole.Web.Connections;

namespace OpsConsole.Web.Api;

/// <summary>Every source, the worst first.</summary>
public sealed record SourceList(IReadOnlyList<SourceAnswer> Sources);

/// <summary>A source and how it does.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Kind">What kind it is.</param>
/// <param name="Service">What its samples belong to.</param>
/// <param name="Target">Likewise.</param>
/// <param name="Environment">Likewise.</param>
/// <param name="Version">The version that it is of; <c>*</c> where it is read for each version of the releases under way.</param>
/// <param name="MadeFrom">The source that it was made from for one version; null where it stands for itself.</param>
/// <param name="Host">Host and port that it is read at; null where it is not read at an address.</param>
/// <param name="IntervalSeconds">Time between two reads.</param>
/// <param name="Standing">How it stands: as its worst signal.</param>
/// <param name="Sentence">That in words.</param>
/// <param name="BegunAt">Since when it is read.</param>
/// <param name="LastTriedAt">When it was last read, with success or not.</param>
/// <param name="LastReadAt">When it was last read with success.</param>
/// <param name="LastError">What went wrong last, while it does; of one that is read for each version what the version that fails the longest says, with the version before it.</param>
/// <param name="ConsecutiveErrors">Failed reads in a row; likewise.</param>
/// <param name="Note">What was odd about the last good read without making it wrong.</param>
/// <param name="Signals">Each of its signals.</param>
public sealed record SourceAnswer(
    string Key, string Kind, string Service, string Target, string Environment, string Version, string? MadeFrom, string? Host, double IntervalSeconds, SignalStanding Standing, string Sentence,
    DateTimeOffset? BegunAt, DateTimeOffset? LastTriedAt, DateTimeOffset? LastReadAt, string? LastError, int ConsecutiveErrors, string? Note, IReadOnlyList<SourceSignalAnswer> Signals)
{
    internal static SourceAnswer From(SourceView view) => new(
        view.Key, view.Binding.Kind, view.Binding.Service, view.Binding.Target, view.Binding.Environment, view.Binding.Version, view.MadeFrom, view.Host, view.Binding.Interval.TotalSeconds, view.Standing, view.Sentence,
        view.Status?.BegunAt, view.Status?.LastTriedAt, view.Status?.LastReadAt, view.LastError, view.ConsecutiveErrors, view.Status?.Note, [.. view.Signals.Select(SourceSignalAnswer.From)]);
}

/// <summary>One signal of a source.</summary>
/// <param name="Signal">Its name.</param>
/// <param name="Standing">How it stands.</param>
/// <param name="Value">The newest value, however old; null while there never was one.</param>
/// <param name="Unit">Unit of the value.</param>
/// <param name="Count">Observations behind it.</param>
/// <param name="At">End of the time that the value is of.</param>
/// <param name="Series">Series that the last read found; null where the source has none.</param>
/// <param name="Points">Points of them that were read; null where it is not known.</param>
/// <param name="Sentence">What there is to say of it; empty where the value says it all.</param>
public sealed record SourceSignalAnswer(string Signal, SignalStanding Standing, double? Value, string Unit, long Count, DateTimeOffset? At, int? Series, int? Points, string Sentence)
{
    internal static SourceSignalAnswer From(FoundSignal view) =>
        new(view.Key, view.Standing, view.Health.Value, SignalText.Symbol(view.Unit), view.Health.Count, view.Health.ValueAt, view.Series, view.Points, view.Sentence);
}

/// <summary>What came of testing a source.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Version">The version that it was read for; null where it was not read.</param>
/// <param name="Passed">Whether every signal has a value that is not too old to judge by.</param>
/// <param name="Sentence">The outcome in one sentence.</param>
/// <param name="BegunAt">When the test began.</param>
/// <param name="TookSeconds">How long it took.</param>
/// <param name="Reads">How often the source was read.</param>
/// <param name="Faults">Why it was not read at all.</param>
/// <param name="Failure">Why the last read failed; null where it worked.</param>
/// <param name="Note">What was odd about the last read without making it wrong.</param>
/// <param name="Signals">What was found for each signal.</param>
public sealed record SourceTestAnswer(
    string Key, string? Version, bool Passed, string Sentence, DateTimeOffset BegunAt, double TookSeconds, int Reads, IReadOnlyList<string> Faults, string? Failure, string? Note, IReadOnlyList<SourceSignalAnswer> Signals)
{
    internal static SourceTestAnswer From(SourceTestReport report, IReadOnlyList<FoundSignal> found) => new(
        report.Key, report.Version, report.Passed, report.Sentence, report.BegunAt, Math.Round(report.Took.TotalSeconds, 3), report.Reads, report.Faults, report.Failure, report.Note, [.. found.Select(SourceSignalAnswer.From)]);
}

/// <summary>Every target that is connected.</summary>
public sealed record TargetList(IReadOnlyList<TargetAnswer> Targets);

/// <summary>A target and what it can do.</summary>
/// <param name="Target">As releases name it.</param>
/// <param name="Environment">The one environment that it is connected for; null: every one.</param>
/// <param name="Kind">What kind it is; null where it does not say.</param>
/// <param name="Title">Name for people.</param>
/// <param name="Verbs">What it can be asked to do, and what to do instead of what it cannot.</param>
/// <param name="Strategies">Ways of replacing a version that it can do.</param>
/// <param name="ExposureUnit">Who is exposed.</param>
/// <param name="StaysAfterHalt">What stays exposed after a halt.</param>
/// <param name="StaysAfterRollback">What stays exposed after a roll back.</param>
/// <param name="HaltCosts">What a halt costs beside the time; null: nothing.</param>
/// <param name="HaltsAtFull">Whether what everyone has can still be halted.</param>
/// <param name="LastAskedAt">When it was last asked; null where it was not since the console started.</param>
/// <param name="LastAnsweredAt">When it last answered.</param>
/// <param name="Trouble">Why it did not answer when it was last asked; null where it did.</param>
public sealed record TargetAnswer(
    string Target, string? Environment, string? Kind, string Title, IReadOnlyList<TargetVerbAnswer> Verbs, IReadOnlyList<RolloutStrategy> Strategies, string ExposureUnit, string StaysAfterHalt, string StaysAfterRollback,
    string? HaltCosts, bool HaltsAtFull, DateTimeOffset? LastAskedAt, DateTimeOffset? LastAnsweredAt, string? Trouble)
{
    internal static TargetAnswer From(TargetView view)
    {
        var (can, contact) = (view.Can, view.Contact);
        return new(
            view.Name, view.Environment, view.Connected.Adapter.Kind, can.Title, [.. TargetView.Verbs.Select(v => new TargetVerbAnswer(v.Code(), can.Verbs.Contains(v), can.Verbs.Contains(v) ? null : can.Instead.GetValueOrDefault(v)))],
            [.. can.Strategies.Order()], can.ExposureUnit, can.StaysAfterHalt, can.StaysAfterRollback, can.HaltCosts, can.HaltsAtFull, contact?.At, contact?.AnsweredAt, contact?.Trouble);
    }
}

/// <summary>Whether a target can be asked to do something.</summary>
/// <param name="Verb">What.</param>
/// <param name="Can">Whether it can.</param>
/// <param name="Instead">What to do instead, where it cannot.</param>
public sealed record TargetVerbAnswer(string Verb, bool Can, string? Instead);

/// <summary>What came of reading a target.</summary>
/// <param name="Target">As releases name it.</param>
/// <param name="Environment">Where it was read.</param>
/// <param name="Service">What it was asked about.</param>
/// <param name="Version">Likewise.</param>
/// <param name="Passed">Whether it could be read.</param>
/// <param name="Sentence">The outcome in one sentence.</param>
/// <param name="At">When it was asked.</param>
/// <param name="TookSeconds">How long it took.</param>
/// <param name="ExposurePercent">Share that has the version; null where it could not be read.</param>
/// <param name="Halted">Whether growth is stopped; null where it could not be read.</param>
/// <param name="Besides">Who has the version besides that share; null: nobody that the target knows of.</param>
/// <param name="Underway">What the target still does by itself; null: nothing.</param>
public sealed record TargetTestAnswer(
    string Target, string Environment, string Service, string Version, bool Passed, string Sentence, DateTimeOffset At, double TookSeconds, double? ExposurePercent, bool? Halted, string? Besides, string? Underway)
{
    internal static TargetTestAnswer From(TargetTestReport report) => new(
        report.Target, report.Environment, report.Service, report.Version, report.Passed, report.Sentence, report.At, Math.Round(report.Took.TotalSeconds, 3),
        report.Seen?.ExposurePercent, report.Seen?.Halted, report.Seen?.Besides, report.Seen?.Underway);
}
