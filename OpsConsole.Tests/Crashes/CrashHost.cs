using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Halt;
using OpsConsole.Core.Actions.Kill;
using OpsConsole.Core.Actions.Promote;
using OpsConsole.Core.Actions.Resume;
using OpsConsole.Core.Actions.Rollback;
using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Targets.Gateway;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Identity;
using OpsConsole.Web.Jobs;
using OpsConsole.Web.Live;
using OpsConsole.Web.Startup;
using Quartz;
using ExecutionLimits = OpsConsole.Core.Actions.Gate.ExecutionLimits;

namespace OpsConsole.Tests.Crashes;

/// <summary>The console's record, board, gate, executor and jobs as it wires them itself, in a process of its own and without its pages, so that it starts quickly. It does what it is told on standard input until it is killed.</summary>
internal static class CrashHost
{
    /// <summary>First argument of the process.</summary>
    public const string Command = "crash-host";

    /// <summary>Environment variable with the address of the target's control interface.</summary>
    private const string TargetVariable = "CRASH_TARGET";

    /// <summary>Environment variable that has what is left behind adopted by the schedule that consoles share and by nothing else, and a job on that schedule whose runs never end.</summary>
    public const string SharedVariable = "CRASH_SHARED";

    /// <summary>Short, so that what the console waits for is over soon.</summary>
    public static readonly ExecutionLimits Limits = new()
    {
        Apply = TimeSpan.FromSeconds(2), ReadBack = TimeSpan.FromSeconds(1), Observe = TimeSpan.FromSeconds(1), LookFirst = TimeSpan.FromSeconds(1),
        Poll = TimeSpan.FromMilliseconds(50), LetGo = TimeSpan.FromMilliseconds(500),
    };

    private static readonly Operator By = new("kim", Role.Admin, false);

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Starts one, from <see cref="ConsoleImage"/> or else as it was built.</summary>
    public static HostProcess Start(string connectionString, Uri target, string dataFolder, string? assembly = null, params (string Name, string Value)[] settings) =>
        HostProcess.Start(Command, assembly, connectionString, dataFolder, [(TargetVariable, target.ToString()), .. settings]);

    public static async Task<int> RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton(Limits);
        builder.AddStorage();
        builder.AddTokens();
        builder.Services.AddSingleton<SignInAudit>();
        builder.AddSourceCollection();
        builder.AddBoard();
        builder.AddActions();
        var shared = Environment.GetEnvironmentVariable(SharedVariable) is not null;
        if (shared)
        {
            builder.Services.AddSharedJob<HeldJob>("held", TimeSpan.FromSeconds(1));
        }

        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        builder.Services.Replace(ServiceDescriptor.Singleton<IServer, NoServer>());
        builder.Logging.ClearProviders().AddConsole().SetMinimumLevel(LogLevel.Warning);
        builder.Services.Configure<ConsoleLoggerOptions>(static o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        await using var app = builder.Build();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var target = new GatewayOptions { Address = new Uri(Environment.GetEnvironmentVariable(TargetVariable)!), Token = "token" };
        app.Services.GetRequiredService<ITargetRegistry>().Add(new GatewayAdapter(http, target, TimeProvider.System));
        await app.StartAsync();
        await app.Services.GetRequiredService<BoardLoader>().WaitAsync(CancellationToken.None).WaitAsync(Limit);
        var stopped = app.WaitForShutdownAsync();
        _ = MeasureAsync(app.Services.GetRequiredService<ReleaseBoard>());
        if (shared)
        {
            await Eventually.TrueAsync(() => app.Services.GetRequiredService<SharedScheduler>().IsRunning, Limit);
        }
        else
        {
            _ = AdoptAsync(app.Services.GetRequiredService<ActionAdoption>());
        }

        Say("up");
        await Task.WhenAny(stopped, Task.Run(() => ObeyAsync(app.Services))).Unwrap();
        return 0;
    }

    private static async Task ObeyAsync(IServiceProvider services)
    {
        while (await Console.In.ReadLineAsync() is { } line)
        {
            await (line.Split(' ') switch
            {
                ["register", var version] => RegisterAsync(services.GetRequiredService<RegisterRelease>(), version),
                ["ask", var verb, var subject] => AskAsync(services, Enum.Parse<ActionVerb>(verb), subject),
                _ => throw new InvalidOperationException($"Not understood: {line}"),
            });
        }
    }

    private static void Say(string line) => Console.Out.WriteLine("@" + line);

    /// <summary>Both versions of whatever is on the board are measured as healthy all the time.</summary>
    private static async Task MeasureAsync(ReleaseBoard board)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await timer.WaitForNextTickAsync())
        {
            foreach (var release in board.Current.Releases)
            {
                foreach (var version in new[] { release.Version, release.PreviousVersion! })
                {
                    board.Record(new SignalSample(new(release.Service, release.Target, release.Environment, version, new("http_5xx_rate")), TimeProvider.System.GetUtcNow(), 0.1, 5000));
                }
            }
        }
    }

    /// <summary>What the schedule does, more often.</summary>
    private static async Task AdoptAsync(ActionAdoption adoption)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(300));
        while (await timer.WaitForNextTickAsync())
        {
            await adoption.RunAsync(CancellationToken.None);
        }
    }

    private static async Task RegisterAsync(RegisterRelease register, string version)
    {
        var registration = new ReleaseRegistration
        {
            Service = "shop", Target = "gateway", Environment = "production", Version = version, PreviousVersion = "1.0.0", Owner = "commerce",
            Artifact = new("sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(version))), "abc1234", null, null),
            Stages = [.. Enumerable.Range(1, 20).Select(i => new StageRegistration(i * 5, 0))],
            Signals = [new() { Key = "http_5xx_rate" }],
        };
        RegisterAnswer answer;
        do
        {
            answer = await register.RegisterAsync(registration, By, CancellationToken.None);
        }
        while (answer is RegisterAnswer.Unavailable);

        Say(answer switch
        {
            RegisterAnswer.Registered done => $"registered {done.Release.Id}",
            RegisterAnswer.Conflict { Existing: { } existing } => $"registered {existing}",
            var other => $"refused {other}",
        });
    }

    /// <summary>Waits until the console would let the action through, says so, waits to be told to go on, and asks.</summary>
    private static async Task AskAsync(IServiceProvider services, ActionVerb verb, string subject)
    {
        var (gate, board) = (services.GetRequiredService<IActionGate>(), services.GetRequiredService<ReleaseBoard>());
        var release = Guid.TryParse(subject, out var id);
        if (release)
        {
            await Eventually.TrueAsync(() => board.Find(id) is { } shown && gate.Preview(verb, shown, By).Count == 0, Limit, () =>
                $"{verb} is not let through: {(board.Find(id) is { } shown ? string.Join(" ", gate.Preview(verb, shown, By).Select(r => r.Sentence)) : "not on the board")}");
        }

        Say("ready");
        await Console.In.ReadLineAsync();
        GateAnswer answer;
        do
        {
            // Samples come all the time: what was seen may be too old by the time it is asked on.
            answer = await gate.RequestAsync(CommandFor(verb, subject, id, release ? board.Find(id)!.SnapshotVersion : null), By, CancellationToken.None);
        }
        while (answer is GateAnswer.Refused { Refusals: [StaleSeenVersionRefusal] });

        Say(answer switch
        {
            GateAnswer.Accepted accepted => $"accepted {accepted.Action.Id}",
            GateAnswer.Refused refused => $"refused {string.Join(" ", refused.Refusals.Select(r => r.Sentence))}",
            GateAnswer.Unavailable away => $"unavailable {away.Sentence}",
            var other => $"refused {other}",
        });
    }

    private static ActionCommand CommandFor(ActionVerb verb, string subject, Guid id, long? seen) => verb switch
    {
        ActionVerb.Promote => new PromoteCommand(id, "looks fine", seen, "shop"),
        ActionVerb.Halt => new HaltCommand(id, "errors grow", seen, null),
        ActionVerb.Resume => new ResumeCommand(id, "fixed upstream", seen, null),
        ActionVerb.Rollback => new RollbackCommand(id, "errors over 1 %", seen, "shop"),
        ActionVerb.Kill => new KillCommand(subject, "errors grow"),
        _ => new RestoreCommand(subject, "fixed upstream"),
    };

    /// <summary>Says that it runs, and runs for as long as its console does.</summary>
    [DisallowConcurrentExecution]
    internal sealed class HeldJob : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
        {
            Say("held");
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
    }

    /// <summary>In the place of the web server.</summary>
    private sealed class NoServer : IServer
    {
        public IFeatureCollection Features { get; } = new FeatureCollection();

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
            where TContext : notnull => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
        }
    }
}
