using System.Globalization;
using System.Text.Json;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Targets.CloudflareWorkers;

namespace OpsConsole.Core.Sources.CloudflareAnalytics;

/// <summary>Asks Cloudflare's GraphQL Analytics API how the invocations of one version of a Worker went.</summary>
/// <remarks>
/// The end of what is asked for lies <see cref="AnalyticsKind.DelaySeconds"/> back, since Cloudflare counts late. A sample is of the time of the newest invocation that was counted: where none comes in any more, it grows old.
/// See the dataset <c>workersInvocationsAdaptive</c> of the API's schema.
/// </remarks>
internal sealed class AnalyticsSource : PolledSource
{
    private readonly RemoteHttp _http;
    private readonly VersionId _version;
    private readonly Uri _graph;
    private readonly TimeSpan _delay;

    /// <param name="binding">What to ask; of one version, without faults.</param>
    /// <param name="connections">Makes the connection.</param>
    public AnalyticsSource(SourceBinding binding, RemoteConnections connections)
        : base(binding, connections.Time)
    {
        _http = connections.Connect(binding.Settings, "Cloudflare", CloudflareErrors.Words);
        _version = new VersionId(binding, _http, connections.Time);
        _graph = new Uri(binding.Address!.OriginalString.TrimEnd('/') + "/graphql");
        _delay = AnalyticsKind.DelayOf(binding)!.Value;
    }

    private string Release => Binding.Setting(AnalyticsKind.Release);

    /// <inheritdoc />
    protected override async Task<IReadOnlyList<SignalReading>> ReadAsync(CancellationToken cancellationToken)
    {
        var (id, whyNot) = await _version.FindAsync(cancellationToken).ConfigureAwait(false);
        if (id is null)
        {
            return [.. Binding.Rules.Select(_ => SignalReading.Missing(whyNot!, series: 0, points: 0))];
        }

        var to = Time.GetUtcNow() - _delay;
        var asked = new Dictionary<TimeSpan, WorkerInvocations>();
        foreach (var window in Binding.Rules.Select(AnalyticsKind.WindowOf).Distinct())
        {
            asked[window] = await AskAsync(id, to - window, to, cancellationToken).ConfigureAwait(false);
        }

        Note = asked.Values.Max(static i => i.SampleInterval) is > 1 and var interval
            ? string.Create(CultureInfo.InvariantCulture, $"Cloudflare estimates from a sample of one in {interval:0.#} invocations.")
            : null;
        return [.. Binding.Rules.Select(rule => Reading(rule, asked[AnalyticsKind.WindowOf(rule)]))];
    }

    private async Task<WorkerInvocations> AskAsync(string id, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.Serialize(new
        {
            query = WorkerInvocations.Query,
            variables = new { account = Binding.Settings[AnalyticsKind.Account], script = Binding.Settings[AnalyticsKind.Script], version = id, from = Written(from), to = Written(to) },
        });
        var answer = await _http.ReadAsync(() => BearerRequest.Of(HttpMethod.Post, _graph, Binding.Settings[AnalyticsKind.Token], body), cancellationToken).ConfigureAwait(false);
        if (!answer.IsSuccess)
        {
            throw new TargetUnreachableException(_http.WhyNotRead(answer));
        }

        // An answer of 200 may hold errors, and then nothing else in it can be relied on.
        return _http.Said(answer) is { } words
            ? throw new TargetUnreachableException($"Cloudflare refused the query: {words}")
            : _http.Take(answer, a => WorkerInvocations.Read(a, id));
    }

    private SignalReading Reading(SignalRule rule, WorkerInvocations of)
    {
        if (of.Requests == 0)
        {
            return SignalReading.Missing($"Cloudflare counted no invocation of {Binding.Settings[AnalyticsKind.Script]} {Release} in {SignalText.Duration(AnalyticsKind.WindowOf(rule))}.", series: 0, points: 0);
        }

        if (of.Errors > of.Requests)
        {
            return SignalReading.Error("Cloudflare counts more errors than invocations.", 1);
        }

        double? value = rule.Numerator switch
        {
            AnalyticsKind.Requests => of.Requests,
            AnalyticsKind.Errors => of.Errors,
            AnalyticsKind.ErrorRate => 100.0 * of.Errors / of.Requests,
            AnalyticsKind.CpuTimeP50 => of.Quantiles["cpuTimeP50"] / 1000,
            AnalyticsKind.CpuTimeP99 => of.Quantiles["cpuTimeP99"] / 1000,
            AnalyticsKind.WallTimeP50 => of.Quantiles["wallTimeP50"] / 1000,
            _ => of.Quantiles["wallTimeP99"] / 1000,
        };
        return value switch
        {
            null => SignalReading.Missing("Cloudflare gives no such time.", 1),
            < 0 => SignalReading.Error("Cloudflare gives a time below 0.", 1),
            { } number when of.Newest is { } newest => SignalReading.Measured(number, of.Sampled, newest, 1, (int)Math.Min(of.Sampled, int.MaxValue)),
            _ => SignalReading.Error("Cloudflare counts invocations, and shows none of them.", 1),
        };
    }

    private static string Written(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
