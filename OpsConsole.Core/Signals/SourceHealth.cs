using System.Globalization;

namespace OpsConsole.Core.Signals;

/// <summary>Keeps what a source says of each of its signals, read after read. Safe for any number of threads.</summary>
public sealed class SourceHealth
{
    private readonly Lock _lock = new();
    private readonly Dictionary<SignalKey, SignalHealth> _signals;
    private readonly Dictionary<SignalKey, (string? Detail, string Sentence)> _unfound = [];

    /// <param name="binding">What is read.</param>
    /// <param name="begunAt">Since when.</param>
    public SourceHealth(SourceBinding binding, DateTimeOffset begunAt)
    {
        ArgumentNullException.ThrowIfNull(binding);
        BegunAt = begunAt;
        _signals = binding.Addresses.Select(static a => a.Signal).Distinct().ToDictionary(static s => s, static s => new SignalHealth(s));
    }

    /// <summary>Since when it is read.</summary>
    public DateTimeOffset BegunAt { get; }

    /// <summary>Every signal, in the binding's order.</summary>
    public IReadOnlyList<SignalHealth> Signals
    {
        get
        {
            lock (_lock)
            {
                return [.. _signals.Values];
            }
        }
    }

    /// <summary>Takes in what a read found.</summary>
    public void Take(IReadOnlyList<SignalFinding> findings)
    {
        ArgumentNullException.ThrowIfNull(findings);
        lock (_lock)
        {
            foreach (var found in findings)
            {
                if (_signals.TryGetValue(found.Signal, out var before))
                {
                    _signals[found.Signal] = With(before, found);
                }
            }
        }
    }

    /// <summary>Takes in that a read failed, for every signal.</summary>
    /// <param name="failure">Why, one sentence.</param>
    public void Fail(string failure)
    {
        lock (_lock)
        {
            foreach (var (signal, before) in _signals.ToList())
            {
                _signals[signal] = before with { Last = new(signal, SampleKind.Error, null, 0, null, null, null, failure) };
            }
        }
    }

    /// <summary>What a sample without a value says of why: where nothing was found of the signal since it is read, that too. The same text as long as it says the same.</summary>
    public string? Why(in SignalSample sample)
    {
        if (sample.Kind != SampleKind.Missing)
        {
            return sample.Detail;
        }

        var signal = sample.Address.Signal;
        lock (_lock)
        {
            if (!_signals.TryGetValue(signal, out var health) || health.HasFound)
            {
                return sample.Detail;
            }

            if (!_unfound.TryGetValue(signal, out var told) || !ReferenceEquals(told.Detail, sample.Detail))
            {
                told = (sample.Detail, Unfound(sample.Detail, health.Last?.Series));
                _unfound[signal] = told;
            }

            return told.Sentence;
        }
    }

    private static SignalHealth With(SignalHealth before, SignalFinding found)
    {
        var next = before with { Last = found, HasFound = before.HasFound || found.Kind == SampleKind.Measured || found.Series > 0 };
        return found.Kind == SampleKind.Measured && (before.ValueAt is null || found.Newest is null || found.Newest >= before.ValueAt)
            ? next with { Value = found.Value, Count = found.Count, ValueAt = found.Newest }
            : next;
    }

    private string Unfound(string? detail, int? series)
    {
        var since = string.Create(CultureInfo.InvariantCulture, $"{(series is null ? "nothing" : "no series")} of it was found since reading began at {BegunAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC.");
        return detail is { Length: > 0 } ? $"{detail.TrimEnd('.')}; {since}" : $"{char.ToUpperInvariant(since[0])}{since[1..]}";
    }
}
