using System.Collections.Immutable;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Board;

/// <summary>What the console says of a release as a whole.</summary>
/// <param name="Verdict">The worst that counts.</param>
/// <param name="Quality">The worst quality among required signals.</param>
/// <param name="Reason">One sentence, of the signal that decided.</param>
public readonly record struct ReleaseVerdict(Verdict Verdict, SignalQuality Quality, string Reason)
{
    /// <summary>The worst of the signals. One that is not required counts only when it fails, and before the first stage while it failed last; where none is required, all are.</summary>
    public static ReleaseVerdict Of(ReleasePhase phase, double exposurePercent, ImmutableArray<SignalSnapshot> signals)
    {
        var anyRequired = signals.Any(s => s.Definition.Required);
        SignalSnapshot? worst = null;
        var quality = SignalQuality.Fresh;
        var (counted, failing) = (0, 0);
        foreach (var signal in signals)
        {
            var required = signal.Definition.Required || !anyRequired;
            failing += signal.Verdict == Verdict.Fail ? 1 : 0;
            if (required)
            {
                counted++;
                quality = signal.Quality > quality ? signal.Quality : quality;
            }

            var counts = required || signal.Verdict == Verdict.Fail || (exposurePercent <= 0 && signal.FailedAt is not null);
            if (counts && (worst is null || signal.Verdict > worst.Verdict))
            {
                worst = signal;
            }
        }

        return (phase, worst) switch
        {
            (ReleasePhase.RolledBack, _) => new(Verdict.Inconclusive, quality, "rolled back: nobody is sent to this version any more"),
            (ReleasePhase.Superseded, _) => new(Verdict.Inconclusive, quality, "superseded by a later release"),
            (_, null) => new(Verdict.Inconclusive, SignalQuality.Missing, "nothing is measured for this release"),
            (ReleasePhase.Done, { Verdict: Verdict.Inconclusive, Quality: not SignalQuality.Fresh }) => new(Verdict.Inconclusive, quality, "done: watched at 100 % and found healthy; not measured any more"),
            (_, { Verdict: Verdict.Fail }) => new(Verdict.Fail, quality, failing > 1 ? $"{worst.Reason}; {failing - 1} more out of limits" : worst.Reason),
            (_, { Verdict: Verdict.Running }) when exposurePercent <= 0 => new(Verdict.Running, quality, "not exposed yet"),
            (_, { Verdict: Verdict.Pass }) => new(Verdict.Pass, quality, counted == 1 ? worst.Reason : $"{counted} required signals inside their limits"),
            _ => new(worst.Verdict, quality, worst.Reason),
        };
    }
}
