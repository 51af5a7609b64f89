using System.Globalization;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Sources.GooglePlayVitals;

/// <summary>Reads Android vitals of one version from Google Play.</summary>
/// <remarks>
/// A sample is of the end of the day or hour that Google counted, not of when it was read: Google is hours late with hours and a day or more with days.
/// Google tells nothing of what too few used. That, and what is below the least number of users that is set, is <em>missing</em>.
/// </remarks>
internal sealed class PlayVitalsSource(SourceBinding binding, PlayReporting reporting, TimeProvider time) : PolledSource(binding, time)
{
    private readonly string _release = binding.Setting(PlayVitalsKind.Release);
    private readonly double _leastUsers = double.Parse(binding.Settings[PlayVitalsKind.LeastUsers], CultureInfo.InvariantCulture);
    private IReadOnlyList<string> _codes = [];

    /// <inheritdoc />
    protected override async Task<IReadOnlyList<SignalReading>> ReadAsync(CancellationToken cancellationToken)
    {
        var measures = Binding.Rules.Select(VitalsMeasure.Of).ToList();
        var codes = await CodesAsync(cancellationToken).ConfigureAwait(false);
        if (codes.Count is 0 or > PlayVitalsKind.MostCodes)
        {
            return [.. measures.Select(_ => codes.Count == 0
                ? SignalReading.Missing($"Google Play serves no release called {_release} on any track, so its version codes are not known.")
                : SignalReading.Error($"{_release} has {codes.Count} version codes, and at most {PlayVitalsKind.MostCodes} are asked for."))];
        }

        Note = null;
        var readings = new SignalReading[measures.Count];
        foreach (var set in measures.GroupBy(static m => m.Set))
        {
            var counted = await reporting.CountedAsync(set.Key, cancellationToken).ConfigureAwait(false);
            foreach (var asked in set.GroupBy(static m => m.Period))
            {
                IReadOnlyList<VitalsRow>? rows = null;
                if (counted.TryGetValue(asked.Key.Name, out var until))
                {
                    rows = await reporting.RowsAsync(set.Key, asked.Key, until, [.. asked.Select(static m => m.Metric).Append(VitalsMeasure.Users).Distinct()], codes, cancellationToken).ConfigureAwait(false);
                    Note ??= Lateness(asked.Key, until);
                }

                for (var i = 0; i < measures.Count; i++)
                {
                    if (measures[i].Set == set.Key && measures[i].Period == asked.Key)
                    {
                        readings[i] = Reading(measures[i], rows, codes);
                    }
                }
            }
        }

        return readings;
    }

    /// <summary>Version codes of the release. One that is halted is not served any more, and its codes stay what they were.</summary>
    private async Task<IReadOnlyList<string>> CodesAsync(CancellationToken cancellationToken)
    {
        var written = _release.Split(',', StringSplitOptions.TrimEntries);
        if (Array.TrueForAll(written, PlayServing.IsCode))
        {
            return written;
        }

        var found = (await reporting.ServingAsync(cancellationToken).ConfigureAwait(false)).Where(r => r.Is(_release)).SelectMany(static r => r.Codes).Distinct().ToList();
        return _codes = found.Count > 0 ? found : _codes;
    }

    private SignalReading Reading(VitalsMeasure measure, IReadOnlyList<VitalsRow>? rows, IReadOnlyList<string> codes)
    {
        if (rows is null)
        {
            return SignalReading.Missing($"Google Play counts nothing of this app by the {measure.Period.Noun}.");
        }

        if (rows.Where(r => r.Values.ContainsKey(measure.Metric)).MaxBy(static r => r.Begin) is not { } row)
        {
            return SignalReading.Missing(
                $"Google Play tells no {measure.Metric} of {_release} ({(codes.Count == 1 ? $"version code {codes[0]}" : $"{codes.Count} version codes")}) in the last {measure.Period.Back} {measure.Period.Noun}s that it counted: nobody used it, or too few did.",
                codes.Count,
                rows.Count);
        }

        var (share, users) = (row.Values[measure.Metric], row.Values.GetValueOrDefault(VitalsMeasure.Users));
        var at = measure.Period.Instant(measure.Period.Before(row.Begin, -1));
        return share is < 0 or > 1 ? SignalReading.Error(string.Create(CultureInfo.InvariantCulture, $"Google Play tells a share of {share} of the users, which cannot be right."), codes.Count)
            : users is < 0 or > long.MaxValue / 2 || !double.IsFinite(users) ? SignalReading.Error("The number of users cannot be right.", codes.Count)
            : users < Math.Max(1, _leastUsers) ? SignalReading.Missing(string.Create(CultureInfo.InvariantCulture, $"{users:0} users in that {measure.Period.Noun}, and {_leastUsers:0} are needed."), codes.Count, rows.Count)
            : SignalReading.Measured(measure.Percent(share), (long)users, at, codes.Count, rows.Count);
    }

    private string? Lateness(VitalsPeriod period, DateTime until) => Time.GetUtcNow() - period.Instant(until) is var age && age > period.Late
        ? $"What Google Play counted by the {period.Noun} ended {SignalText.Duration(age)} ago, which is later than usual."
        : null;
}
