using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Web.Live;

namespace OpsConsole.Tests.Benchmarks;

/// <summary>The console in a process of its own, as its own program starts it, with load put straight onto its board. Ends when its input does.</summary>
internal static class BoardBenchmarkServer
{
    /// <summary>First argument of the process.</summary>
    public const string Command = "bench-board-server";

    /// <summary>Asks for the state of memory after a full collection.</summary>
    public const string Live = "live";

    public static async Task<int> RunAsync(string[] args)
    {
        var options = BenchmarkOptions.Parse(args);
        var (host, console) = await BenchmarkConsole.StartAsync();
        await host.Services.GetRequiredService<BoardLoader>().WaitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(2));

        var time = host.Services.GetRequiredService<TimeProvider>();
        var board = host.Services.GetRequiredService<ReleaseBoard>();
        var load = new BoardLoad(board, time, options.Releases, options.Spread);
        var store = host.Services.GetRequiredService<IReleaseStore>();
        foreach (var release in load.Releases)
        {
            // Stored as well, so that history and timelines are written as they would be.
            await store.AddAsync(release, "benchmark", CancellationToken.None);
            board.Track(release);
        }

        using var stop = new CancellationTokenSource();
        var recording = new Thread(() => load.Run(stop.Token)) { IsBackground = true, Name = "load" };
        recording.Start();
        var address = host.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        await WriteAsync(new BoardServerReady(address, load.Origin));

        // Each line asks for the state of memory, "live" with a full collection; the other side closes our input when it has measured enough.
        while (await Console.In.ReadLineAsync() is { } line)
        {
            await WriteAsync(new BoardServerMemory(
                GC.GetTotalAllocatedBytes(), GC.GetTotalPauseDuration().TotalMilliseconds, GC.CollectionCount(0), GC.CollectionCount(2), GC.GetTotalMemory(forceFullCollection: line == Live)));
        }

        await stop.CancelAsync();
        recording.Join();
        await WriteAsync(new BoardServerTotals(load.Recorded, load.Allocated));
        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await console;
        return 0;
    }

    private static Task WriteAsync<T>(T message) => Console.Out.WriteLineAsync("@" + JsonSerializer.Serialize(message));
}

/// <summary>What the server says once it is under load.</summary>
internal sealed record BoardServerReady(string Address, DateTimeOffset Origin);

/// <summary>What the server says at its end.</summary>
internal sealed record BoardServerTotals(long Recorded, long Allocated);

/// <summary>Memory of the server as its collector counts it.</summary>
/// <param name="Allocated">Bytes allocated since the start.</param>
/// <param name="PausedMilliseconds">Time that everything stood still for the collector since the start.</param>
/// <param name="Collections">Collections since the start.</param>
/// <param name="FullCollections">Those of them that were full.</param>
/// <param name="Live">Bytes in use, after a full collection where one was asked for; the other counts are from before it.</param>
internal sealed record BoardServerMemory(long Allocated, double PausedMilliseconds, int Collections, int FullCollections, long Live);
