using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Sources.Sentry;

/// <summary>Asks Sentry how the sessions of one release went.</summary>
/// <remarks>
/// The rates are Sentry's own, not computed anew. A sample is of the end of the last whole step in which a session was begun: where sessions cease to come in, it grows old.
/// See <c>GET /api/0/organizations/{organization}/sessions/</c> in Sentry's API reference.
/// </remarks>
internal sealed class SentrySource : PolledSource
{
    private readonly RemoteHttp _http;
    private readonly Uri _sessions;
    private readonly string _release;
    private readonly string _environment;
    private readonly long _leastSessions;
    private readonly long _leastUsers;
    private readonly TimeSpan _step;

    /// <param name="binding">What to ask; of one version, without faults.</param>
    /// <param name="connections">Makes the connection.</param>
    public SentrySource(SourceBinding binding, RemoteConnections connections)
        : base(binding, connections.Time)
    {
        var settings = binding.Settings;
        _http = connections.Connect(settings, "Sentry", Words, wait: Wait);
        _sessions = new Uri($"{binding.Address!.OriginalString.TrimEnd('/')}/api/0/organizations/{Uri.EscapeDataString(settings[SentryKind.Organization])}/sessions/");
        _release = binding.Setting(SentryKind.Release);
        _environment = settings[SentryKind.Environment] is { Length: > 0 } called ? called : binding.Environment;
        _leastSessions = long.Parse(settings[SentryKind.LeastSessions], CultureInfo.InvariantCulture);
        _leastUsers = long.Parse(settings[SentryKind.LeastUsers], CultureInfo.InvariantCulture);
        _step = SessionsStep.Of(settings[SentryKind.StepMinutes])!.Value;
    }

    /// <inheritdoc />
    protected override async Task<IReadOnlyList<SignalReading>> ReadAsync(CancellationToken cancellationToken)
    {
        if (SentryRelease.Fault(_release) is { } fault)
        {
            return [.. Binding.Rules.Select(_ => SignalReading.Error(fault))];
        }

        // What several rules need is asked for once.
        var now = Time.GetUtcNow();
        var asked = new Dictionary<(TimeSpan Window, bool Whole), SentrySessions>();
        var readings = new List<SignalReading>(Binding.Rules.Count);
        Note = null;
        foreach (var rule in Binding.Rules)
        {
            var window = SentryKind.WindowOf(rule);
            var release = await SessionsAsync(window, whole: false).ConfigureAwait(false);
            readings.Add(SentryKind.IsAdoption(rule)
                ? Adoption(rule, release, await SessionsAsync(window, whole: true).ConfigureAwait(false), window)
                : Reading(rule, release, window));
        }

        return readings;

        async Task<SentrySessions> SessionsAsync(TimeSpan window, bool whole)
        {
            if (!asked.TryGetValue((window, whole), out var sessions))
            {
                asked[(window, whole)] = sessions = await AskAsync(window, whole, now, cancellationToken).ConfigureAwait(false);
            }

            return sessions;
        }
    }

    private async Task<SentrySessions> AskAsync(TimeSpan window, bool whole, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var step = SessionsStep.For(window, _step)!.Value;
        var to = SessionsStep.Floor(now, step);
        var from = to - window;
        var address = new Uri(_sessions, "?" + string.Join('&', Query(from, to, step, whole).Select(static p => $"{p.Name}={Uri.EscapeDataString(p.Value)}")));
        var sessions = await _http.ReadJsonAsync(() => BearerRequest.Of(HttpMethod.Get, address, Binding.Settings[SentryKind.Token], accept: "application/json"), SentrySessions.Read, cancellationToken).ConfigureAwait(false);
        if (sessions.From != from || sessions.To != to)
        {
            Note = string.Create(CultureInfo.InvariantCulture, $"Sentry counted from {sessions.From:yyyy-MM-dd HH:mm} to {sessions.To:yyyy-MM-dd HH:mm} UTC where {from:yyyy-MM-dd HH:mm} to {to:yyyy-MM-dd HH:mm} was asked for.");
        }

        // A step that is not over yet was counted up to now.
        return sessions.Newest > now && sessions.To - now < SentryKind.AdoptionWindow ? sessions with { Newest = now } : sessions;
    }

    private IEnumerable<(string Name, string Value)> Query(DateTimeOffset from, DateTimeOffset to, TimeSpan step, bool whole)
    {
        yield return ("project", Binding.Settings[SentryKind.Project]);
        yield return ("environment", _environment);
        foreach (var field in SentrySessions.Fields)
        {
            yield return ("field", field);
        }

        yield return ("start", from.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture));
        yield return ("end", to.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture));
        yield return ("interval", string.Create(CultureInfo.InvariantCulture, $"{step.TotalMinutes:0}m"));
        if (!whole)
        {
            yield return ("query", $"release:\"{_release}\"");
        }
    }

    private SignalReading Reading(SignalRule rule, SentrySessions of, TimeSpan window)
    {
        if (of.Sessions == 0)
        {
            return SignalReading.Missing($"Sentry counted no session of {_release} in {_environment} in {SignalText.Duration(window)}.", series: 0, points: 0);
        }

        var ofUsers = rule.Numerator is SentryKind.CrashFreeUsers or SentryKind.Users;
        if (ofUsers && of.Users == 0)
        {
            return SignalReading.Missing($"Sentry knows no user of {_release}: its sessions come without user ids.", 1, of.Points);
        }

        return rule.Numerator switch
        {
            SentryKind.Sessions => Measured(of.Sessions, of.Sessions, of),
            SentryKind.Users => Measured(of.Users, of.Users, of),
            _ when TooFew(of.Sessions, _leastSessions, "sessions", $"of {_release} in {SignalText.Duration(window)}", of) is { } few => few,
            SentryKind.CrashFreeUsers => TooFew(of.Users, _leastUsers, "users", $"of {_release} in {SignalText.Duration(window)}", of) ?? Rate(of.CrashFreeUsers, of.Users, of),
            _ => Rate(of.CrashFreeSessions, of.Sessions, of),
        };
    }

    private SignalReading Adoption(SignalRule rule, SentrySessions of, SentrySessions all, TimeSpan window)
    {
        var (part, whole, least, noun) = rule.Numerator == SentryKind.UserAdoption
            ? (of.Users, all.Users, _leastUsers, "users")
            : (of.Sessions, all.Sessions, _leastSessions, "sessions");
        var over = SignalText.Duration(window);
        return whole == 0 ? SignalReading.Missing($"Sentry counted no {noun} of the project in {_environment} in {over}.", 0, 0)
            : TooFew(whole, least, noun, $"of the project in {over}", all) is { } few ? few
            : part == 0 ? SignalReading.Missing(string.Create(CultureInfo.InvariantCulture, $"Sentry counted no {noun} of {_release} among {whole:N0} of the project in {over}."), 0, 0)
            : part > whole ? SignalReading.Error($"Sentry counts more {noun} of {_release} than of the whole project.", 1)
            : Measured(100.0 * part / whole, whole, of);
    }

    private static SignalReading? TooFew(long count, long least, string noun, string where, SentrySessions of) => count < least
        ? SignalReading.Missing(string.Create(CultureInfo.InvariantCulture, $"Sentry counted {count:N0} {noun} {where}; below {least:N0} there is no value."), 1, of.Points)
        : null;

    private static SignalReading Rate(double? share, long count, SentrySessions of) => share switch
    {
        null => SignalReading.Missing("Sentry gives no crash-free rate.", 1, of.Points),
        >= 0 and <= 1 and var crashFree => Measured(100 * crashFree, count, of),
        _ => SignalReading.Error("Sentry's crash-free rate is not between 0 and 1.", 1),
    };

    private static SignalReading Measured(double value, long count, SentrySessions of) => of.Newest is { } newest
        ? SignalReading.Measured(value, count, newest, 1, of.Points)
        : SignalReading.Error("Sentry counts sessions, and none in any step of the time.", 1);

    /// <summary>What the API says of an error: <c>{ "detail": "..." }</c>, with a message inside of it for some, and a bare string in older versions.</summary>
    private static string? Words(JsonElement answer)
    {
        var detail = answer.ValueKind == JsonValueKind.String ? answer : answer.GetProperty("detail");
        return detail.ValueKind == JsonValueKind.Object ? detail.GetProperty("message").GetString() : detail.GetString();
    }

    /// <summary>Sentry says in seconds since 1970 when its count of requests begins anew.</summary>
    private static TimeSpan? Wait(HttpResponseHeaders headers, DateTimeOffset now) =>
        headers.TryGetValues("X-Sentry-Rate-Limit-Reset", out var values) && long.TryParse(values.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds) - now
            : null;
}
