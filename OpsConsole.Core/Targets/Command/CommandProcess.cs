using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace OpsConsole.Core.Targets.Command;

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">As it ended; null where it could not be started.</param>
/// <param name="Output">What it wrote to standard output; null where that was too long, for which it was ended.</param>
/// <param name="Errors">The last of what it wrote to standard error, or why it could not be started.</param>
internal sealed record CommandAnswer(int? ExitCode, string? Output, string Errors);

/// <summary>Runs one program, through no shell, with an environment of its own, and ends it with its children when it takes too long or says too much.</summary>
/// <param name="program">Absolute path.</param>
/// <param name="environment">Everything that its environment has.</param>
internal sealed class CommandProcess(string program, IReadOnlyDictionary<string, string> environment)
{
    /// <summary>Longest standard output, in characters.</summary>
    public const int MaxOutput = 64 * 1024;

    /// <summary>How much of standard error is kept, in characters.</summary>
    private const int MaxErrors = 4 * 1024;

    /// <summary>Runs it to its end.</summary>
    /// <param name="arguments">Passed as they are.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="Win32Exception">It cannot be started.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public async Task<CommandAnswer> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var process = Process.Start(Start(arguments)) ?? throw new Win32Exception($"{program} cannot be started.");
        process.StandardInput.Close();
        var output = OutputAsync(process);
        var errors = ErrorsAsync(process);
        var ended = Task.WhenAll(output, errors, process.WaitForExitAsync(CancellationToken.None));
        try
        {
            // What it started may keep the output open and outlive it: that is waited for no longer than for the program itself.
            await ended.WaitAsync(cancellationToken).ConfigureAwait(false);
            return new CommandAnswer(process.ExitCode, await output.ConfigureAwait(false), await errors.ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            End(process);
            throw;
        }
        finally
        {
            _ = ended.ContinueWith(static (_, state) => ((Process)state!).Dispose(), process, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private ProcessStartInfo Start(IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = Path.GetPathRoot(program),
            CreateNoWindow = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static async Task<string?> OutputAsync(Process process)
    {
        var (text, piece) = (new StringBuilder(), new char[4096]);
        while (await ReadAsync(process.StandardOutput, piece).ConfigureAwait(false) is > 0 and var length)
        {
            if (text.Length + length > MaxOutput)
            {
                End(process);
                return null;
            }

            text.Append(piece, 0, length);
        }

        return text.ToString();
    }

    private static async Task<string> ErrorsAsync(Process process)
    {
        var (text, piece) = (new StringBuilder(), new char[4096]);
        while (await ReadAsync(process.StandardError, piece).ConfigureAwait(false) is > 0 and var length)
        {
            text.Append(piece, 0, length);
            text.Remove(0, Math.Max(0, text.Length - MaxErrors));
        }

        return text.ToString();
    }

    /// <summary>Reads what is there; nothing where the pipe broke.</summary>
    private static async Task<int> ReadAsync(StreamReader from, char[] piece)
    {
        try
        {
            return await from.ReadAsync(piece.AsMemory(), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return 0;
        }
    }

    private static void End(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended by itself, or a child of it has while it was being ended.
        }
    }
}
