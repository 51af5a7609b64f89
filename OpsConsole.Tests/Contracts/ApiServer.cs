using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OpsConsole.Web.Playground.Servers;

namespace OpsConsole.Tests.Contracts;

/// <summary>What goes wrong with a request, whatever it asks for.</summary>
internal enum ApiFault
{
    None,

    /// <summary>It is taken and never answered.</summary>
    Hangs,

    /// <summary>What it asks for is done, and the connection breaks before the answer.</summary>
    LosesTheAnswer,

    /// <summary>429, and a second to wait.</summary>
    Busy,

    /// <summary>429, and an hour to wait.</summary>
    BusyForLong,

    /// <summary>500 with a page of HTML.</summary>
    Broken,

    /// <summary>503.</summary>
    Away,

    /// <summary>200 with something that is not what was asked for.</summary>
    Nonsense,

    /// <summary>200 with no end.</summary>
    Endless,
}

/// <summary>A local server that behaves as an API outside does. A subclass gives its paths, its sign-in and its errors; faults are the same for all.</summary>
internal abstract class ApiServer : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<string> _requests = [];
    private LoopbackServer? _server;
    private ApiFault _fault;
    private int _faults;
    private int _changes;
    private bool _onlyChanges;

    public Uri Address => _server!.Address;

    /// <summary>How often what it keeps was changed.</summary>
    public int Changes => Volatile.Read(ref _changes);

    /// <summary>Every request so far: method and path.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>True for requests that ask for a change.</summary>
    public virtual bool IsChange(string method, string path) => method != HttpMethods.Get;

    /// <summary>What a request asks for, as it is noted: its path, unless the API says it elsewhere.</summary>
    protected virtual string PathOf(HttpRequest request) => request.Path;

    public async Task StartAsync(CancellationToken cancellationToken) =>
        _server = await LoopbackServer.StartAsync(
            app =>
            {
                app.Use(BehaveAsync);
                app.UseRouting();
                Map(app);
            },
            cancellationToken);

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? default;

    /// <summary>Has requests go wrong from now on.</summary>
    /// <param name="fault">How.</param>
    /// <param name="times">How many of them.</param>
    public void Fail(ApiFault fault, int times = int.MaxValue)
    {
        lock (_lock)
        {
            (_fault, _faults, _onlyChanges) = (fault, times, false);
        }
    }

    /// <summary>Has requests that ask for a change go wrong from now on, and no other.</summary>
    /// <inheritdoc cref="Fail" path="/param"/>
    public void FailChanges(ApiFault fault, int times = int.MaxValue)
    {
        lock (_lock)
        {
            (_fault, _faults, _onlyChanges) = (fault, times, true);
        }
    }

    /// <summary>Its paths.</summary>
    protected abstract void Map(WebApplication app);

    /// <summary>An error with the body that this API gives it.</summary>
    protected abstract Task ErrorAsync(HttpContext context, int status, string message);

    /// <summary>Notes that what it keeps was changed.</summary>
    protected void Changed() => Interlocked.Increment(ref _changes);

    private async Task BehaveAsync(HttpContext context, RequestDelegate next)
    {
        ApiFault fault;
        lock (_lock)
        {
            _requests.Add($"{context.Request.Method} {PathOf(context.Request)}{context.Request.QueryString}");
            fault = _faults > 0 && (!_onlyChanges || IsChange(context.Request.Method, PathOf(context.Request))) ? _fault : ApiFault.None;
            _faults -= fault == ApiFault.None ? 0 : 1;
        }

        try
        {
            await BehaveAsync(context, next, fault);
        }
        catch (OperationCanceledException)
        {
            // The caller gave up.
        }
    }

    private async Task BehaveAsync(HttpContext context, RequestDelegate next, ApiFault fault)
    {
        switch (fault)
        {
            case ApiFault.Hangs:
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
                break;
            case ApiFault.LosesTheAnswer:
                context.Response.Body = new MemoryStream();
                await next(context);
                context.Abort();
                break;
            case ApiFault.Busy or ApiFault.BusyForLong:
                context.Response.Headers.RetryAfter = fault == ApiFault.Busy ? "1" : "3600";
                await ErrorAsync(context, StatusCodes.Status429TooManyRequests, "slow down");
                break;
            case ApiFault.Broken:
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
                await context.Response.WriteAsync("<html>It broke.</html>");
                break;
            case ApiFault.Away:
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                break;
            case ApiFault.Nonsense:
                await context.Response.WriteAsync("[1, \"two\"]");
                break;
            case ApiFault.Endless:
                await EndlessAsync(context);
                break;
            default:
                await next(context);
                break;
        }
    }

    private static async Task EndlessAsync(HttpContext context)
    {
        var piece = new byte[64 * 1024];
        Array.Fill(piece, (byte)' ');
        while (true)
        {
            await context.Response.Body.WriteAsync(piece, context.RequestAborted);
        }
    }
}
