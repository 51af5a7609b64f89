using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Releases;

/// <summary>From the signals that a pipeline writes to definitions: a known signal with what differs, or a whole one.</summary>
internal static class SignalRules
{
    public const int MaxSignals = 32;

    private const int MaxTitleLength = 64;

    /// <summary>Seven days: what stores tell of their users comes a day or two late.</summary>
    private const double LongestSeconds = 604_800;

    /// <summary>What a release without signals of its own is held to.</summary>
    public static readonly IReadOnlyList<SignalRegistration> Default = [.. new[] { "http_5xx_rate", "p50_latency", "p95_latency", "p99_latency" }.Select(static key => new SignalRegistration { Key = key })];

    public static IEnumerable<RegistrationFault> Faults(IReadOnlyList<SignalRegistration>? signals, bool hasPrevious)
    {
        if (signals is null)
        {
            yield break;
        }

        if (signals.Count is 0 or > MaxSignals)
        {
            yield return new("signals", $"Must have 1 to {MaxSignals} signals, or be left out; it has {signals.Count}.");
            yield break;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < signals.Count; i++)
        {
            var path = $"signals[{i}]";
            if (signals[i] is not { } signal)
            {
                yield return new(path, "Is null; give at least a key.");
                continue;
            }

            if (!SignalKey.IsValid(signal.Key))
            {
                yield return new($"{path}.key", "Must be 1 to 64 lower-case letters, digits and underscores, beginning with a letter.");
            }
            else if (!seen.Add(signal.Key))
            {
                yield return new($"{path}.key", $"{signal.Key} is there twice.");
            }
            else if (KnownSignals.Find(signal.Key) is null && (signal.Family is null || signal.Unit is null || signal.Better is null))
            {
                yield return new(path, $"{signal.Key} is not a signal the console knows: give family, unit and better as well.");
            }

            else if (Unlimited(signal, hasPrevious) is { } unlimited)
            {
                yield return new(path, unlimited);
            }

            foreach (var fault in Values(path, signal))
            {
                yield return fault;
            }
        }

        if (signals.All(s => s is null || !SignalKey.IsValid(s.Key) || !(s.Required ?? KnownSignals.Find(s.Key)?.Required ?? true)))
        {
            yield return new("signals", "At least one signal must be required, or nothing would show that the release is healthy.");
        }
    }

    /// <summary>A required signal that nothing can fail would always be green, and one that is only compared needs something to be compared with.</summary>
    private static string? Unlimited(SignalRegistration signal, bool hasPrevious)
    {
        var definition = Build(signal);
        return definition switch
        {
            { Required: false } or { Limit: not null } => null,
            { DeltaLimit: null } => $"{signal.Key} is required and has nothing to be held to: say limit or deltaLimit, or required: false.",
            _ when !hasPrevious => $"{signal.Key} is required and only compared, and there is no previous version to compare with: say limit, or required: false.",
            _ => null,
        };
    }

    public static IReadOnlyList<SignalDefinition> Build(IReadOnlyList<SignalRegistration>? signals) => [.. (signals ?? Default).Select(Build)];

    private static SignalDefinition Build(SignalRegistration signal)
    {
        var known = KnownSignals.Find(signal.Key) ?? new SignalDefinition
        {
            Key = new(signal.Key), Title = signal.Key.Replace('_', ' '), Family = signal.Family!.Value, Unit = signal.Unit!.Value, Better = signal.Better!.Value,
        };
        return known with
        {
            Title = signal.Title ?? known.Title,
            Family = signal.Family ?? known.Family,
            Unit = signal.Unit ?? known.Unit,
            Better = signal.Better ?? known.Better,
            Aggregation = signal.Aggregation ?? known.Aggregation,
            Limit = signal.Limit ?? known.Limit,
            DeltaLimit = signal.DeltaLimit ?? known.DeltaLimit,
            MinimumCount = signal.MinimumCount ?? known.MinimumCount,
            Required = signal.Required ?? known.Required,
            Window = signal.WindowSeconds is { } window ? TimeSpan.FromSeconds(window) : known.Window,
            SampledOver = signal.SampledOverSeconds is { } over ? TimeSpan.FromSeconds(over) : known.SampledOver,
            StaleAfter = signal.StaleAfterSeconds is { } stale ? TimeSpan.FromSeconds(stale) : known.StaleAfter,
        };
    }

    private static IEnumerable<RegistrationFault> Values(string path, SignalRegistration s)
    {
        if (s.Title is { } title && (title.Length is 0 or > MaxTitleLength || title.Any(char.IsControl)))
        {
            yield return new($"{path}.title", $"Must be 1 to {MaxTitleLength} characters without control characters.");
        }

        if (s.Limit is { } limit && !double.IsFinite(limit))
        {
            yield return new($"{path}.limit", "Must be a finite number.");
        }

        if (s.DeltaLimit is { } delta && !(delta > 0 && double.IsFinite(delta)))
        {
            yield return new($"{path}.deltaLimit", "Must be a finite number above 0: how much worse than the baseline is allowed.");
        }

        if (s.MinimumCount is < 0 or > 1_000_000_000)
        {
            yield return new($"{path}.minimumCount", "Must be 0 to 1,000,000,000.");
        }

        if (s.WindowSeconds is { } window && !(window is >= 1 and <= LongestSeconds))
        {
            yield return new($"{path}.windowSeconds", "Must be 1 to 604,800 seconds.");
        }

        if (s.SampledOverSeconds is { } over && !(over is >= 0 and <= LongestSeconds))
        {
            yield return new($"{path}.sampledOverSeconds", "Must be 0 to 604,800 seconds.");
        }

        if (s.StaleAfterSeconds is { } stale && !(stale is >= 1 and <= LongestSeconds))
        {
            yield return new($"{path}.staleAfterSeconds", "Must be 1 to 604,800 seconds.");
        }

        if ((s.Family is { } family && !Enum.IsDefined(family)) || (s.Unit is { } unit && !Enum.IsDefined(unit))
            || (s.Better is { } better && !Enum.IsDefined(better)) || (s.Aggregation is { } aggregation && !Enum.IsDefined(aggregation)))
        {
            yield return new(path, "Family, unit, better and aggregation must be values that the console knows.");
        }
    }
}
