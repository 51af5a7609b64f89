using System.ComponentModel;
using System.Diagnostics;

namespace OpsConsole.Core.Storage.EmbeddedPostgres;

/// <summary>What a program said and how it ended.</summary>
internal sealed record ProgramAnswer(int ExitCode, string Output)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>The last line that says something, for a message.</summary>
    public string LastLine => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? $"it ended with code {ExitCode}";
}

/// <summary>Runs one of PostgreSQL's programs to its end.</summary>
internal static class PostgresProgram
{
    /// <param name="file">The program.</param>
    /// <param name="arguments">Passed as they are, through no shell.</param>
    /// <param name="account">User to run as, or null for the console's own.</param>
    /// <param name="limit">Longest time; then the program is ended.</param>
    /// <param name="cancellationToken">Ends the program as well.</param>
    public static async Task<ProgramAnswer> RunAsync(
        string file, IEnumerable<string> arguments, string? account, TimeSpan limit, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        if (account is not null)
        {
            start.UserName = account;
        }

        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("PG", StringComparison.Ordinal)).ToList())
        {
            // A PGDATA or PGPORT of the person who starts the console is not meant for this cluster.
            start.Environment.Remove(name);
        }

        start.Environment["LC_ALL"] = "C";
        try
        {
            using var process = Process.Start(start) ?? throw new StorageStartException($"{file} cannot be started.");
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            deadline.CancelAfter(limit);
            try
            {
                var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
                var errors = process.StandardError.ReadToEndAsync(deadline.Token);
                await process.WaitForExitAsync(deadline.Token);
                return new ProgramAnswer(process.ExitCode, await output + await errors);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                cancellationToken.ThrowIfCancellationRequested();
                return new ProgramAnswer(-1, $"{Path.GetFileName(file)} did not end within {limit.TotalSeconds:0} s");
            }
        }
        catch (Win32Exception e)
        {
            return new ProgramAnswer(-1, e.Message);
        }
    }
}
