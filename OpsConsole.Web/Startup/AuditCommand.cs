using OpsConsole.Core.Audit;
using OpsConsole.Core.Storage;
using OpsConsole.Web.Api;

namespace OpsConsole.Web.Startup;

/// <summary><c>audit verify</c> on the command line: follows the chain of the console's database, or of an exported file, without the console.</summary>
internal static class AuditCommand
{
    private const int Intact = 0, NotIntact = 1, NotVerified = 2;

    /// <summary>Longest time to wait for the database.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    public static bool Is(string[] args) => args is ["audit", ..];

    /// <summary>0: intact; 1: not intact; 2: could not be verified.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        if (args is not ["audit", "verify", .. var rest] || rest.Any(static r => r is "--help" or "-h" or "") || rest.Count(static r => !r.StartsWith('-')) > 1)
        {
            await errors.WriteLineAsync("""
                audit verify                follow the chain of the console's database (the settings are the console's own)
                audit verify FILE           follow the chain of an exported audit (GET /api/v1/audit/export)

                Ends with 0 when it is intact, 1 when it is not, 2 when it could not be verified.
                """);
            return NotVerified;
        }

        try
        {
            var report = rest is [var file, ..] && !file.StartsWith('-') ? await OfFileAsync(file) : await OfDatabaseAsync(rest);
            await output.WriteLineAsync($"{report.Lines} lines{(report.GivenUp > 0 ? $", {report.GivenUp} of them given up after their time" : "")}, compared with {report.Notes} notes; the chain ends with {report.Head}");
            if (report.Warning is { } warning)
            {
                await output.WriteLineAsync(warning);
            }

            foreach (var fault in report.Faults)
            {
                await output.WriteLineAsync(fault.Sentence);
            }

            await output.WriteLineAsync(report.Intact ? "intact" : "NOT INTACT");
            return report.Intact ? Intact : NotIntact;
        }
        catch (Exception e) when (e is RecordUnavailableException or IOException or UnauthorizedAccessException or InvalidDataException or TimeoutException || StartFailure.Sentences(e).Count > 0)
        {
            await errors.WriteLineAsync($"The audit could not be verified: {e.Message}");
            return NotVerified;
        }
    }

    private static async Task<AuditReport> OfFileAsync(string path)
    {
        using var file = File.OpenText(path);
        return await AuditExport.VerifyAsync(file, TimeProvider.System.GetUtcNow(), CancellationToken.None);
    }

    private static async Task<AuditReport> OfDatabaseAsync(string[] settings)
    {
        var builder = ConsoleFolder.CreateBuilder(settings);
        builder.Logging.ClearProviders();
        builder.AddDatabase();
        builder.AddAuditChain();
        await using var app = builder.Build();
        var database = app.Services.GetServices<IHostedService>().OfType<StorageHost>().Single();
        await database.StartAsync(CancellationToken.None);
        try
        {
            var ready = app.Services.GetRequiredService<StorageReady>();
            await Task.WhenAny(ready.WaitAsync(CancellationToken.None), database.ExecuteTask!).WaitAsync(StartLimit);
            if (!ready.IsReady)
            {
                throw app.Services.GetRequiredService<StartFailure>().Recorded ?? new TimeoutException("The database could not be started.");
            }

            return await app.Services.GetRequiredService<AuditVerifier>().VerifyAsync(CancellationToken.None);
        }
        finally
        {
            await database.StopAsync(CancellationToken.None);
        }
    }
}
