using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Sources.HttpCheck;

/// <summary>Runs the synthetic checks of one version.</summary>
/// <remarks>
/// A service that does not answer has failed its check: that is a value, 0, and not a gap. Only what goes wrong on the console's own side is an error sample.
/// Samples carry the console's time at which the check had ended. Not safe for use by several threads.
/// </remarks>
public sealed class HttpCheckSource : ISignalSource
{
    /// <summary>Name of this kind of source in a binding.</summary>
    public const string KindName = "http-check";

    private const string NoAnswer = "There was no answer whose time could be taken.";

    private readonly SourceBinding _binding;
    private readonly TimeProvider _time;
    private readonly CheckRun[] _runs;

    /// <param name="binding">What to ask; without faults (see <see cref="Faults"/>).</param>
    /// <param name="client">Gives a client for one check. It must not follow redirects by itself.</param>
    /// <param name="time">The console's clock.</param>
    /// <param name="conditions">Judges JSON answers; null: bindings with conditions are faulty.</param>
    public HttpCheckSource(SourceBinding binding, Func<HttpClient> client, TimeProvider time, IResponseConditions? conditions = null)
    {
        ArgumentNullException.ThrowIfNull(binding);
        (_binding, _time) = (binding, time);
        _runs = [.. binding.Checks.Select(check => new CheckRun(check, binding, client, time, conditions))];
    }

    /// <summary>Which checks did not pass the last time, and why; null when all did.</summary>
    public string? Note { get; private set; }

    /// <inheritdoc />
    public IReadOnlyList<SignalFinding> Findings { get; private set; } = [];

    /// <summary>This kind of source, for a catalog.</summary>
    public static SourceKind Kind(Func<HttpClient> client, TimeProvider time, IResponseConditions? conditions = null) =>
        new(KindName, binding => Faults(binding, conditions), binding => new HttpCheckSource(binding, client, time, conditions));

    /// <summary>Everything that is wrong with a binding's checks, one sentence each.</summary>
    public static IEnumerable<string> Faults(SourceBinding binding, IResponseConditions? conditions = null)
    {
        ArgumentNullException.ThrowIfNull(binding);
        return CheckFaults.Of(binding, conditions);
    }

    /// <inheritdoc />
    public async Task<string?> ReadAsync(Action<SignalSample> record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        var outcomes = await Task.WhenAll(_runs.Select(run => run.RunAsync(cancellationToken))).ConfigureAwait(false);
        var at = _time.GetUtcNow();
        var findings = new List<SignalFinding>();
        for (var i = 0; i < outcomes.Length; i++)
        {
            Record(_binding.Checks[i], outcomes[i], at, sample =>
            {
                record(sample);
                var measured = sample.Kind == SampleKind.Measured;
                findings.Add(new(sample.Address.Signal, sample.Kind, measured ? sample.Value : null, sample.Count, measured ? at : null, null, null, sample.Detail));
            });
        }

        Findings = findings;

        var bad = outcomes.Zip(_binding.Checks).Where(o => o.First.Passed != true).Select(o => $"{o.Second.Name}: {o.First.Reason}").ToList();
        Note = bad.Count == 0 ? null : string.Join(" ", bad);
        return Array.TrueForAll(outcomes, o => o.Passed is null) ? outcomes[0].Reason : null;
    }

    private void Record(Signals.HttpCheck check, CheckOutcome outcome, DateTimeOffset at, Action<SignalSample> record)
    {
        var (passed, latency) = (_binding.AddressOf(check.Signal), _binding.AddressOf(check.LatencySignal));
        if (outcome.Passed is not { } good)
        {
            record(new SignalSample(passed, at, 0, 0, SampleKind.Error, outcome.Reason));
            record(new SignalSample(latency, at, 0, 0, SampleKind.Error, outcome.Reason));
            return;
        }

        record(new SignalSample(passed, at, good ? 100 : 0, 1));
        record(outcome.Took is { } took ? new SignalSample(latency, at, took.TotalMilliseconds, 1) : new SignalSample(latency, at, 0, 0, SampleKind.Missing, NoAnswer));
    }
}
