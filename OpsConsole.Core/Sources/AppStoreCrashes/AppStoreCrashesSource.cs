using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Sources.AppStoreCrashes;

/// <summary>Reads what Apple's reports say of the crashes and sessions of one version on the newest day that is complete.</summary>
/// <remarks>
/// A later instance of a report takes the place of what an earlier one said of a day, and the two are never added up (https://developer.apple.com/documentation/analytics-reports/data-completeness-corrections).
/// That a version has no crashes on a day is known where the day's report has rows of other versions, and the version has sessions that day: Apple makes no report of fewer than five users.
/// </remarks>
internal sealed class AppStoreCrashesSource(SourceBinding binding, AnalyticsReports reports, TimeProvider time) : PolledSource(binding, time)
{
    private const string CrashReport = "App Crashes";
    private const string SessionReport = "App Sessions Standard";

    private readonly string _version = binding.Setting(AppStoreCrashesKind.VersionString);
    private readonly int _complete = AppStoreCrashesKind.Days(binding) ?? throw new ArgumentException("The binding has faults.", nameof(binding));

    /// <summary>What was read of instances that never change: the newest of each report.</summary>
    private readonly Dictionary<string, (string Instance, IReadOnlyDictionary<DateOnly, ReportedDay> Days)> _read = new(StringComparer.Ordinal);

    /// <inheritdoc />
    protected override async Task<IReadOnlyList<SignalReading>> ReadAsync(CancellationToken cancellationToken)
    {
        var (request, isStopped) = await reports.RequestAsync(cancellationToken).ConfigureAwait(false);
        if (request is null)
        {
            return All(isStopped
                ? SignalReading.Error("Apple stopped making the app's reports, because nobody read them: somebody with the role Admin has to ask for them again.")
                : SignalReading.Missing("Nobody asked Apple for daily reports of the app yet: somebody with the role Admin has to, once."));
        }

        var sessions = await DaysAsync(request, SessionReport, "Sessions", cancellationToken).ConfigureAwait(false);
        var crashes = await DaysAsync(request, CrashReport, "Crashes", cancellationToken).ConfigureAwait(false);
        var common = sessions.Keys.Where(crashes.ContainsKey).ToList();
        if (common.Count == 0)
        {
            var lacking = sessions.Count == 0 ? SessionReport : CrashReport;
            return All(SignalReading.Missing($"Apple has no day in its report {lacking} yet that is complete after {_complete} days: it makes none where fewer than five users are in it.", 0));
        }

        var day = common.Max();
        return [.. Binding.Rules.Select(rule => Reading(rule, day, crashes[day], sessions[day], common.Count))];
    }

    private SignalReading Reading(SignalRule rule, DateOnly day, ReportedDay crashes, ReportedDay sessions, int days)
    {
        var at = new DateTimeOffset(day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero);
        if (crashes.Events == 0 && sessions.Events == 0)
        {
            return SignalReading.Missing($"Apple knows of no session of {_version} on {day:yyyy-MM-dd}.", 0, days);
        }

        return rule.Numerator switch
        {
            AppStoreCrashesKind.Crashes => SignalReading.Measured(crashes.Events, Math.Max(sessions.Events, crashes.Events), at, 1, days),
            AppStoreCrashesKind.CrashedDevices => SignalReading.Measured(crashes.Devices, Math.Max(sessions.Events, crashes.Events), at, 1, days),
            AppStoreCrashesKind.Sessions => SignalReading.Measured(sessions.Events, sessions.Events, at, 1, days),
            AppStoreCrashesKind.CrashFreeSessions when sessions.Events == 0 => SignalReading.Error($"Apple tells {crashes.Events} crashes of {_version} on {day:yyyy-MM-dd} and no session.", 1),
            AppStoreCrashesKind.CrashFreeSessions => SignalReading.Measured(100 - (100 * Math.Min(1, (double)crashes.Events / sessions.Events)), sessions.Events, at, 1, days),
            var other => throw new InvalidOperationException($"{other} is no measure."),
        };
    }

    /// <summary>The days of a report that are complete, from the newest instance that has any.</summary>
    private async Task<IReadOnlyDictionary<DateOnly, ReportedDay>> DaysAsync(string request, string name, string events, CancellationToken cancellationToken)
    {
        if (await reports.ReportAsync(request, name, cancellationToken).ConfigureAwait(false) is not { } report)
        {
            return new Dictionary<DateOnly, ReportedDay>();
        }

        foreach (var (instance, madeOn) in await reports.InstancesAsync(report, cancellationToken).ConfigureAwait(false))
        {
            if (!_read.TryGetValue(name, out var known) || known.Instance != instance)
            {
                known = (instance, await reports.DaysAsync(instance, _version, events, cancellationToken).ConfigureAwait(false));
            }

            var complete = known.Days.Where(d => d.Key.AddDays(_complete) <= madeOn).ToDictionary();
            if (complete.Count > 0)
            {
                _read[name] = known;
                return complete;
            }
        }

        return new Dictionary<DateOnly, ReportedDay>();
    }

    private SignalReading[] All(SignalReading reading) => [.. Binding.Rules.Select(_ => reading)];
}
