using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Sources.AppStoreCrashes;

/// <summary>Reads what Apple's reports say of the crashes and sessions of one version on the newest day that is complete.</summary>
/// <remarks>
/// A later instance of a report takes the place of what an earlier one said of a day, and the two are never added up (https://developer.apple.com/documentation/analytics-reports/data-completeness-corrections).
/// That Apple lists no crash of a version is no crash-free day: what fewer than five users had is left out.
/// </remarks>
internal sealed class AppStoreCrashesSource(SourceBinding binding, AnalyticsReports reports, TimeProvider time) : PolledSource(binding, time)
{
    private const string CrashReport = "App Crashes";
    private const string SessionReport = "App Sessions Standard";

    private readonly string _version = binding.Setting(AppStoreCrashesKind.VersionString);
    private readonly int _complete = AppStoreCrashesKind.Days(binding) ?? throw new ArgumentException("The binding has faults.", nameof(binding));

    /// <summary>What was read of instances, which never change.</summary>
    private Dictionary<string, IReadOnlyDictionary<DateOnly, ReportedDay>> _read = new(StringComparer.Ordinal);

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

        var read = new Dictionary<string, IReadOnlyDictionary<DateOnly, ReportedDay>>(StringComparer.Ordinal);
        var sessions = await DaysAsync(request, SessionReport, "Sessions", read, cancellationToken).ConfigureAwait(false);
        var crashes = await DaysAsync(request, CrashReport, "Crashes", read, cancellationToken).ConfigureAwait(false);
        _read = read;
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
        if (crashes.Events == 0 && rule.Numerator != AppStoreCrashesKind.Sessions)
        {
            return SignalReading.Missing(sessions.Events == 0 ? NoSession(day) : $"Apple lists no crash of {_version} on {day:yyyy-MM-dd} in {sessions.Events} sessions: there was none, or on too few devices for Apple to tell.", 0, days);
        }

        if (sessions.Events == 0 && rule.Numerator == AppStoreCrashesKind.Sessions)
        {
            return SignalReading.Missing(NoSession(day), 0, days);
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

    private string NoSession(DateOnly day) => $"Apple knows of no session of {_version} on {day:yyyy-MM-dd}.";

    /// <summary>
    /// The days of a report that are complete, each as the newest instance has it that has it at all.
    /// Instances are gone through from the newest on, until there is the newest day that can be complete, and no further back than Apple corrects.
    /// </summary>
    private async Task<Dictionary<DateOnly, ReportedDay>> DaysAsync(
        string request, string name, string events, Dictionary<string, IReadOnlyDictionary<DateOnly, ReportedDay>> read, CancellationToken cancellationToken)
    {
        var days = new Dictionary<DateOnly, ReportedDay>();
        if (await reports.ReportAsync(request, name, cancellationToken).ConfigureAwait(false) is not { } report
            || await reports.InstancesAsync(report, cancellationToken).ConfigureAwait(false) is not [var newest, ..] instances)
        {
            return days;
        }

        var newestDay = newest.MadeOn.AddDays(-_complete);
        foreach (var (instance, _) in instances.Take(AppStoreCrashesKind.MostDays + 1))
        {
            read[instance] = _read.GetValueOrDefault(instance) ?? await reports.DaysAsync(instance, _version, events, cancellationToken).ConfigureAwait(false);
            foreach (var (day, said) in read[instance].Where(d => d.Key <= newestDay))
            {
                days.TryAdd(day, said);
            }

            if (days.ContainsKey(newestDay))
            {
                break;
            }
        }

        return days;
    }

    private SignalReading[] All(SignalReading reading) => [.. Binding.Rules.Select(_ => reading)];
}
