using System.Net.Sockets;
using Microsoft.Extensions.Options;
using OpsConsole.Core.Storage;

namespace OpsConsole.Web.Startup;

/// <summary>Says in plain sentences why the console cannot start, and ends it with exit code 1. What it does not know ends as any program's fault does, with its trace.</summary>
internal sealed class StartFailure
{
    private const string KestrelSource = "Microsoft.AspNetCore.Server.Kestrel.Core";

    /// <summary>The first failure that was noted.</summary>
    public Exception? Recorded { get; private set; }

    /// <summary>Notes a failure of something that starts in the background, to be told when the console has stopped.</summary>
    public void Record(Exception failure) => Recorded ??= failure;

    /// <summary>Runs the console and returns its exit code.</summary>
    public static async Task<int> TellAsync(Func<StartLines, Task> console)
    {
        var lines = new StartLines(Console.Error);
        try
        {
            await console(lines);
            return 0;
        }
        catch (Exception e) when (Sentences(e) is { Count: > 0 } sentences)
        {
            foreach (var sentence in sentences)
            {
                await lines.WriteAsync(sentence);
            }

            return 1;
        }
    }

    /// <summary>Runs the console until it stops.</summary>
    /// <exception cref="Exception">What was recorded while it started.</exception>
    public static async Task RunAsync(WebApplication app)
    {
        var failure = app.Services.GetRequiredService<StartFailure>();
        await using (app)
        {
            try
            {
                await app.StartAsync();
            }
            catch
            {
                // Background services that are cancelled now are being stopped; otherwise each would be logged as having failed.
                app.Lifetime.StopApplication();
                throw;
            }

            await app.WaitForShutdownAsync();
            if (failure.Recorded is { } recorded)
            {
                throw recorded;
            }
        }
    }

    /// <summary>Keeps the framework from logging, with a trace, a failure to start: every one reaches <see cref="TellAsync"/>, which tells it.</summary>
    public static void TellOnce(ILoggingBuilder logging)
    {
        // A background service that fails later is logged as critical too, so that nothing is lost.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", static level => level is LogLevel.Warning or LogLevel.Critical);
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", static level => level is LogLevel.Warning or LogLevel.Error);
    }

    /// <summary>What to tell of a failure, one sentence a fault; none when it is not one of the known ones.</summary>
    internal static IReadOnlyList<string> Sentences(Exception failure) => failure switch
    {
        AggregateException several => several.InnerExceptions.Select(Sentences).ToList() is var each && each.TrueForAll(static s => s.Count > 0)
            ? [.. each.SelectMany(static s => s)]
            : [],
        StorageStartException => [failure.Message],
        OptionsValidationException options => [.. options.Failures],
        InvalidDataException { InnerException: FormatException } => [failure.Message],
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } => [failure.Message],
        FormatException { Source: "Microsoft.AspNetCore.Http" or KestrelSource } => [$"The console cannot listen: {failure.Message.TrimEnd('.')}. Give --urls an address such as http://127.0.0.1:5080."],
        InvalidOperationException { Source: KestrelSource } => [$"The console cannot listen: {failure.Message}"],
        IOException { Source: KestrelSource } or SocketException => [$"The console cannot listen: {failure.Message.TrimEnd('.')}. Free the address, or choose another with --urls."],
        _ => [],
    };
}
