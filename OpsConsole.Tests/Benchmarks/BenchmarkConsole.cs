using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Benchmarks;

/// <summary>The console in this process, as its own program starts it, with its services at hand.</summary>
internal static class BenchmarkConsole
{
    /// <summary>The host, and the program that runs until the host stops.</summary>
    public static async Task<(IHost Host, Task Program)> StartAsync()
    {
        var built = new TaskCompletionSource<IHost>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listening = DiagnosticListener.AllListeners.Subscribe(new HostBuilt(built));
        var console = Task.Factory.StartNew(Start, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (await Task.WhenAny(built.Task, console) == console)
        {
            await console;
            throw new InvalidOperationException("The console ended before it was built.");
        }

        return (await built.Task, console);
    }

    private static void Start()
    {
        string[] args =
        [
            "--urls", "http://127.0.0.1:0", "--environment", "Development", "--applicationName", "OpsConsole.Web",
            "--contentRoot", Path.Combine(Repository.Root, "OpsConsole.Web"),
        ];
        typeof(Program).Assembly.EntryPoint!.Invoke(null, [args]);
    }

    /// <summary>Catches the host that the console's program builds.</summary>
    private sealed class HostBuilt(TaskCompletionSource<IHost> built) : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
    {
        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.Extensions.Hosting")
            {
                value.Subscribe(this);
            }
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value is { Key: "HostBuilt", Value: IHost host })
            {
                built.TrySetResult(host);
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error) => built.TrySetException(error);
    }
}
