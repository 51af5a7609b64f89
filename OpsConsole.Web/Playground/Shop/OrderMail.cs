using System.Threading.Channels;
using OpsConsole.Web.Playground.Servers;

namespace OpsConsole.Web.Playground.Shop;

/// <summary>The shop's background job: a mail for each order that was placed, sent by one worker in the order of the queue.</summary>
internal sealed class OrderMail : IAsyncDisposable
{
    /// <summary>Time from the order to the sent mail that is promised.</summary>
    public static readonly TimeSpan Target = TimeSpan.FromSeconds(2);

    /// <summary>Most mails that wait; an order beyond that has none, and its job counts as failed.</summary>
    public const int Longest = 5000;

    private static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(2);

    private readonly Channel<long> _orders = Channel.CreateBounded<long>(new BoundedChannelOptions(Longest) { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _http;
    private readonly Uri _backing;
    private readonly TimeProvider _time;
    private readonly CounterFamily _jobs;
    private readonly Task _working;

    public OrderMail(HttpClient http, Uri backing, ServiceMetrics metrics, TimeProvider time)
    {
        _http = http;
        _backing = backing;
        _time = time;
        _jobs = metrics.AddCounter("jobs_completed_total", "Background jobs, by outcome: within the target time, later, or failed.", "outcome");
        metrics.AddGauge("job_queue_depth", "Background jobs that wait.", () => _orders.Reader.Count);
        _working = WorkAsync();
    }

    /// <summary>Queues the mail of an order that was placed just now.</summary>
    public void Queue()
    {
        if (!_orders.Writer.TryWrite(_time.GetTimestamp()))
        {
            _jobs.Add("failed");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _working;
        _stop.Dispose();
    }

    private async Task WorkAsync()
    {
        try
        {
            await foreach (var ordered in _orders.Reader.ReadAllAsync(_stop.Token))
            {
                var sent = await SendAsync();
                _jobs.Add(!sent ? "failed" : _time.GetElapsedTime(ordered) <= Target ? "on_time" : "late");
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The shop stops.
        }
    }

    private async Task<bool> SendAsync()
    {
        using var late = new CancellationTokenSource(SendLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, _stop.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_backing, "mails"));
            using var response = await _http.SendAsync(request, either.Token);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            return false;
        }
    }
}
