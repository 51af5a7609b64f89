using System.Net.Http.Headers;
using OpsConsole.Core.Targets.AppStore;

namespace OpsConsole.Web.Playground.Devices;

/// <summary>Sends what the phones report to the console, over the address that any reporter uses.</summary>
internal sealed class SignalReporter(HttpClient http, Uri console, string token, IReadOnlyList<DevicePopulation> populations, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    private bool _failing;

    /// <summary>Reports until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            var problem = await SendAsync(Batch(), cancellationToken);
            if ((problem is not null) != _failing)
            {
                _failing = problem is not null;
                logger.LogInformation("playground: {State}", problem ?? "the console takes the phones' reports again");
            }
        }
    }

    /// <summary>The samples of one report; a signal that nothing was measured for is left out.</summary>
    internal static IEnumerable<PushedSample> Samples(StorePlatform platform, string version, SessionReport report, DateTimeOffset at)
    {
        var counts = report.Counts;
        PushedSample Sample(string signal, double value, long count) => new(
            Guid.CreateVersion7(at), PlaygroundReleases.Pocket, platform == StorePlatform.Ios ? "app-store" : "play-store", PlaygroundReleases.Environment, version, signal, at, value, count);

        yield return Sample("crash_free_sessions", Percent(counts.Sessions - counts.Crashes, counts.Sessions), counts.Sessions);
        yield return Sample("crash_free_users", Percent(report.CrashFreeUsers, report.Users), report.Users);
        yield return Sample("sign_up_rate", Percent(counts.SignUps, counts.Sessions), counts.Sessions);
        if (counts.Requests > 0)
        {
            yield return Sample("app_error_rate", Percent(counts.FailedRequests, counts.Requests), counts.Requests);
        }

        if (report.LaunchP95 is { } launch)
        {
            yield return Sample("launch_time_p95", launch.TotalMilliseconds, report.Launches);
        }
    }

    private static double Percent(int part, int whole) => whole == 0 ? 100 : 100.0 * part / whole;

    private List<PushedSample> Batch()
    {
        var at = time.GetUtcNow();
        return [.. populations.SelectMany(population => population.TakeReports()
            .SelectMany(entry => Samples(population.Platform, entry.Version, entry.Report, at)))];
    }

    /// <summary>Null when the console took the report, else what went wrong.</summary>
    private async Task<string?> SendAsync(List<PushedSample> samples, CancellationToken cancellationToken)
    {
        if (samples.Count == 0)
        {
            return null;
        }

        using var late = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(console, "api/v1/signals"))
            {
                Content = JsonContent.Create(new { samples }),
            };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var response = await http.SendAsync(request, either.Token);
            return response.IsSuccessStatusCode ? null : $"the console did not take the phones' reports: HTTP {(int)response.StatusCode}";
        }
        catch (HttpRequestException e)
        {
            return $"the console did not take the phones' reports: {e.Message}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "the console did not take the phones' reports in time";
        }
    }
}

/// <summary>One sample as the push endpoint takes it.</summary>
internal sealed record PushedSample(
    Guid Id, string Service, string Target, string Environment, string Version, string Signal, DateTimeOffset At, double Value, long Count);
