using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OpsConsole.Web.Playground.Servers;

namespace OpsConsole.Tests.Core.Targets;

/// <summary>A server that answers everything in the same bad way, or not at all.</summary>
internal sealed class MisbehavingServer : IAsyncDisposable
{
    private LoopbackServer _server = null!;
    private int _requests;

    /// <summary>Requests that came in.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public Uri Address { get; private set; } = null!;

    /// <summary>Takes requests and never answers.</summary>
    public static Task<MisbehavingServer> HangsAsync() => StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));

    public static Task<MisbehavingServer> AnswersAsync(HttpStatusCode status, string body) => StartAsync(context =>
    {
        context.Response.StatusCode = (int)status;
        return context.Response.WriteAsync(body);
    });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>Answers as the test says.</summary>
    public static async Task<MisbehavingServer> StartAsync(RequestDelegate answer)
    {
        var result = new MisbehavingServer();
        result._server = await LoopbackServer.StartAsync(
            app => app.Run(async context =>
            {
                Interlocked.Increment(ref result._requests);
                try
                {
                    await answer(context);
                }
                catch (OperationCanceledException)
                {
                    // The caller gave up.
                }
            }),
            CancellationToken.None);
        result.Address = result._server.Address;
        return result;
    }
}
