using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Sources.PrometheusText;

namespace OpsConsole.Core.Sources.FlaggerMetrics;

/// <summary>Flagger's own metrics: what each metric of an analysis came to when it was measured last, whenever that was.</summary>
internal sealed class FlaggerGauges(RemoteHttp http, Uri address)
{
    private const string Analysis = "flagger_canary_metric_analysis";

    private readonly ExpositionParser _parser = new();

    /// <summary>The values of one Canary, by metric; several where Flagger shows a metric more than once.</summary>
    /// <param name="workload">The Deployment that the Canary watches, which Flagger names it by.</param>
    /// <param name="space">Its namespace.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TargetUnreachableException">They could not be read.</exception>
    public async Task<ILookup<string, double>> ReadAsync(string workload, string space, CancellationToken cancellationToken)
    {
        var answer = await http.ReadAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, "metrics"));
                request.Headers.TryAddWithoutValidation("Accept", ExpositionParser.Accept);
                return request;
            },
            cancellationToken).ConfigureAwait(false);
        if (!answer.IsSuccess)
        {
            throw new TargetUnreachableException(http.WhyNotRead(answer));
        }

        return Of(_parser.Parse(answer.Text), workload, space);
    }

    private static ILookup<string, double> Of(Exposition exposition, string workload, string space)
    {
        var found = new List<(string Metric, double Value)>();
        foreach (ref readonly var series in exposition.Named(Analysis))
        {
            if (series.Id["name"] == workload && series.Id["namespace"] == space)
            {
                found.Add((series.Id["metric"], series.Value));
            }
        }

        return found.ToLookup(static f => f.Metric, static f => f.Value, StringComparer.Ordinal);
    }
}
