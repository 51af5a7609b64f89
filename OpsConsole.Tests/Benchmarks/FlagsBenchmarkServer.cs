using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Benchmarks;

/// <summary>The console in a process of its own with a hundred flags on its board: on for everyone in one environment, targeted in another. Ends when its input does.</summary>
internal static class FlagsBenchmarkServer
{
    /// <summary>First argument of the process.</summary>
    public const string Command = "bench-flags-server";

    /// <summary>Flags in each environment.</summary>
    public const int Flags = 100;

    public static async Task<int> RunAsync()
    {
        var (host, console) = await BenchmarkConsole.StartAsync();
        var board = host.Services.GetRequiredService<SwitchBoard>();
        var clients = host.Services.GetRequiredService<FlagClientTable>();
        await Eventually.TrueAsync(() => board.IsLoaded && clients.IsLoaded, TimeSpan.FromMinutes(2));
        var now = host.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        for (var i = 0; i < Flags; i++)
        {
            board.Set(Switch($"flag-{i:00}", now));
            board.Set(Targeted($"flag-{i:00}", i, now));
        }

        var ready = new FlagsServerReady(
            host.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First(), Client(clients, "production", now), Client(clients, "targeted", now));
        await Console.Out.WriteLineAsync("@" + JsonSerializer.Serialize(ready));
        while (await Console.In.ReadLineAsync() is not null)
        {
        }

        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await console;
        return 0;
    }

    private static KillSwitch Switch(string key, DateTimeOffset now)
    {
        var value = new KillSwitch { Key = key, Owner = "commerce", TurnsOff = "what " + key + " guards in the shop", ChangedAt = now };
        value.Restore("benchmark", "as it was", now);
        return value;
    }

    /// <summary>Two rules of two conditions, and a share of the rest.</summary>
    private static SwitchEnvironment Targeted(string key, int i, DateTimeOffset now)
    {
        var rules = new[] { "gold", "silver" }.Select(plan => new TargetingRule(
            plan, [new("plan", TargetingOperator.In, [plan, plan + "-trial"]), new("app.version", TargetingOperator.SemverAtLeast, [$"2.{i % 20}.0"])], plan == "gold" ? 100 : 50));
        var place = new SwitchEnvironment { Key = key, Environment = "targeted", ChangedAt = now };
        place.Target(TargetingText.Write(new Targeting([.. rules], i)), "benchmark", now);
        return place;
    }

    private static string Client(FlagClientTable clients, string environment, DateTimeOffset now)
    {
        var token = FlagClientTable.NewToken();
        clients.Add(new FlagClient { Id = Guid.CreateVersion7(now), Name = "benchmark", Environment = environment, TokenHash = FlagClientTable.Hash(token), CreatedAt = now, CreatedBy = "benchmark" });
        return token;
    }
}

/// <summary>What the server says once it can be asked: its address, and a token for each environment.</summary>
internal sealed record FlagsServerReady(string Address, string Plain, string Targeted);
