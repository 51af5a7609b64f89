using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Benchmarks;

/// <summary>The console in a process of its own with a hundred flags; kills one when it is told to. Ends when its input does.</summary>
internal static class PropagationBenchmarkServer
{
    /// <summary>First argument of the process.</summary>
    public const string Command = "bench-propagation-server";

    public const string Kill = "kill";

    public const string Memory = "memory";

    public const string Measured = "measured";

    public static async Task<int> RunAsync()
    {
        var (host, console) = await BenchmarkConsole.StartAsync();
        var board = host.Services.GetRequiredService<SwitchBoard>();
        var clients = host.Services.GetRequiredService<FlagClientTable>();
        await Eventually.TrueAsync(() => board.IsLoaded && clients.IsLoaded, TimeSpan.FromMinutes(2));
        var time = host.Services.GetRequiredService<TimeProvider>();
        for (var i = 0; i < FlagsBenchmarkServer.Flags; i++)
        {
            var value = new KillSwitch { Key = $"flag-{i:00}", Owner = "commerce", TurnsOff = "what it guards in the shop", ChangedAt = time.GetUtcNow() };
            value.Restore("benchmark", "as it was", time.GetUtcNow());
            board.Set(value);
        }

        var token = FlagClientTable.NewToken();
        clients.Add(new FlagClient
        {
            Id = Guid.CreateVersion7(), Name = "benchmark", Environment = "production", TokenHash = FlagClientTable.Hash(token), CreatedAt = time.GetUtcNow(), CreatedBy = "benchmark",
        });
        await WriteAsync(new PropagationServerReady(host.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First(), token));
        var book = host.Services.GetRequiredService<PropagationBook>();
        var killed = new KillSwitch { Key = "flag-00", Owner = "commerce", TurnsOff = "what it guards in the shop", ChangedAt = time.GetUtcNow() };
        killed.Restore("benchmark", "as it was", time.GetUtcNow());
        while (await Console.In.ReadLineAsync() is { } line)
        {
            switch (line)
            {
                case Kill:
                    var at = Stopwatch.GetTimestamp();
                    killed = Next(killed, time.GetUtcNow());
                    board.Set(killed);
                    await WriteAsync(new PropagationServerKilled(at, Stopwatch.GetElapsedTime(at).TotalMilliseconds));
                    break;
                case Memory:
                    await WriteAsync(GC.GetTotalMemory(forceFullCollection: true));
                    break;
                default:
                    var latest = (await book.LatestAsync("flag-00", 1, CancellationToken.None)).Items[0];
                    await WriteAsync(new PropagationServerMeasured(latest.Clients, latest.Confirmed, latest.Unconfirmed, latest.FirstMs ?? 0, latest.MedianMs ?? 0, latest.P95Ms ?? 0, latest.LastMs ?? 0));
                    break;
            }
        }

        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await console;
        return 0;
    }

    /// <summary>Killed, or restored where it is killed: as a new object, as the record gives it.</summary>
    private static KillSwitch Next(KillSwitch before, DateTimeOffset now)
    {
        var value = new KillSwitch { Key = before.Key, Owner = before.Owner, TurnsOff = before.TurnsOff, ChangedAt = now };
        for (var i = 0; i < before.Revision; i++)
        {
            value.Restore("benchmark", "as it was", now);
        }

        if (before.Killed)
        {
            value.Restore("benchmark", "again", now);
        }
        else
        {
            value.Kill("benchmark", "again", now);
        }

        return value;
    }

    private static Task WriteAsync<T>(T message) => Console.Out.WriteLineAsync("@" + JsonSerializer.Serialize(message));
}

/// <summary>What the server says once it can be asked.</summary>
internal sealed record PropagationServerReady(string Address, string Token);

/// <summary>A kill was made.</summary>
/// <param name="At">The machine's monotonic clock just before, the same in every process.</param>
/// <param name="TookMs">How long whoever made it was held up.</param>
internal sealed record PropagationServerKilled(long At, double TookMs);

/// <summary>What the console itself measured of the latest kill.</summary>
internal sealed record PropagationServerMeasured(int Clients, int Confirmed, int Unconfirmed, double FirstMs, double MedianMs, double P95Ms, double LastMs);
