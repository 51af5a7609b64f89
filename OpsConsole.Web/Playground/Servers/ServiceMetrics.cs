using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using OpsConsole.Core.Signals;

namespace OpsConsole.Web.Playground.Servers;

/// <summary>What a service counts of itself, written as Prometheus text. Label values come from fixed sets, so that it does not grow.</summary>
internal sealed class ServiceMetrics(TimeProvider time)
{
    /// <summary>Content type of the text format.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly CounterFamily _requests = new("http_requests_total", "Requests answered, by route and status.", "route", "status");
    private readonly DurationHistogram _durations = new("http_request_duration_seconds", "Time from request to answer, by class of status.");
    private readonly List<CounterFamily> _counters = [];
    private readonly List<(string Name, string Help, Func<double> Read)> _gauges = [];

    /// <summary>Adds a counter with one label. Call before the service starts.</summary>
    public CounterFamily AddCounter(string name, string help, string label)
    {
        var family = new CounterFamily(name, help, label, null);
        _counters.Add(family);
        return family;
    }

    /// <summary>Adds a value that is read when the metrics are. Call before the service starts.</summary>
    public void AddGauge(string name, string help, Func<double> read) => _gauges.Add((name, help, read));

    /// <summary>Counts and times every request of a server, and answers <c>/metrics</c>.</summary>
    public void Observe(WebApplication app)
    {
        app.Use(MeasureAsync);
        app.UseRouting();
        app.MapGet("/metrics", () => Results.Text(Write(), ContentType));
    }

    /// <summary>True for a synthetic check, which is no user: it is answered like one, and not counted.</summary>
    public static bool IsCheck(HttpRequest request) => request.Headers.ContainsKey(HttpCheck.Header);

    /// <summary>All of it in the text exposition format.</summary>
    public string Write()
    {
        var text = new StringBuilder(4096);
        _requests.Write(text);
        _durations.Write(text);
        _counters.ForEach(counter => counter.Write(text));
        foreach (var (name, help, read) in _gauges)
        {
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} gauge\n{name} {read()}\n");
        }

        return text.ToString();
    }

    private async Task MeasureAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path.Value == "/metrics" || IsCheck(context.Request))
        {
            await next(context);
            return;
        }

        var from = time.GetTimestamp();
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (Exception) when (!context.Response.HasStarted)
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }

        _durations.Add(time.GetElapsedTime(from), context.Response.StatusCode);
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none";
        _requests.Add(route, StatusText(context.Response.StatusCode));
    }

    private static string StatusText(int status) => status switch
    {
        200 => "200",
        404 => "404",
        499 => "499",
        500 => "500",
        502 => "502",
        503 => "503",
        _ => status.ToString(CultureInfo.InvariantCulture),
    };
}

/// <summary>Counters of one name, told apart by one or two labels.</summary>
internal sealed class CounterFamily(string name, string help, string label, string? secondLabel)
{
    private readonly ConcurrentDictionary<(string, string?), Cell> _cells = new();

    public void Add(string value, string? secondValue = null) =>
        Interlocked.Increment(ref _cells.GetOrAdd((value, secondValue), static _ => new Cell()).Value);

    public long Read(string value, string? secondValue = null) =>
        _cells.TryGetValue((value, secondValue), out var cell) ? Interlocked.Read(ref cell.Value) : 0;

    public void Write(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} counter\n");
        foreach (var ((value, secondValue), cell) in _cells)
        {
            var second = secondLabel is null ? "" : $",{secondLabel}=\"{secondValue}\"";
            text.Append(CultureInfo.InvariantCulture, $"{name}{{{label}=\"{value}\"{second}}} {Interlocked.Read(ref cell.Value)}\n");
        }
    }

    private sealed class Cell
    {
        public long Value;
    }
}

/// <summary>A histogram of times, in seconds, for each class of status.</summary>
internal sealed class DurationHistogram(string name, string help)
{
    private static readonly double[] Bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 0.8, 1, 1.25, 1.5, 2, 3, 5];

    private static readonly string[] Classes = ["1xx", "2xx", "3xx", "4xx", "5xx"];

    private readonly Lock _lock = new();
    private readonly long[,] _counts = new long[Classes.Length, Bounds.Length + 1];
    private readonly double[] _sums = new double[Classes.Length];

    public void Add(TimeSpan duration, int status)
    {
        var seconds = duration.TotalSeconds;
        var at = Array.BinarySearch(Bounds, seconds);
        var row = Math.Clamp((status / 100) - 1, 0, Classes.Length - 1);
        lock (_lock)
        {
            _counts[row, at >= 0 ? at : ~at]++;
            _sums[row] += seconds;
        }
    }

    /// <summary>The classes that services answer with; the others only once they did.</summary>
    public void Write(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} histogram\n");
        lock (_lock)
        {
            for (var row = 0; row < Classes.Length; row++)
            {
                if (_sums[row] > 0 || Classes[row] == "2xx")
                {
                    Write(text, row);
                }
            }
        }
    }

    private void Write(StringBuilder text, int row)
    {
        var label = $"class=\"{Classes[row]}\"";
        long below = 0;
        for (var i = 0; i < Bounds.Length; i++)
        {
            below += _counts[row, i];
            text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{{label},le=\"{Bounds[i]}\"}} {below}\n");
        }

        below += _counts[row, Bounds.Length];
        text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{{label},le=\"+Inf\"}} {below}\n{name}_sum{{{label}}} {_sums[row]}\n{name}_count{{{label}}} {below}\n");
    }
}
