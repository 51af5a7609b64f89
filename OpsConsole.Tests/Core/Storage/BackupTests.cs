using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Storage;
using OpsConsole.Core.Storage.EmbeddedPostgres;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Storage;

/// <summary>Backup and restore as documented, with PostgreSQL's own tools, while the console writes.</summary>
public sealed class BackupTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_backup_of_a_console_that_writes_is_restored_whole_and_its_chain_is_intact()
    {
        await using var live = await postgres.CreateDatabaseAsync(Token);
        var release = Sample.Release();
        await live.Releases.AddAsync(release, "anna", Token);
        for (var i = 0; i < 20; i++)
        {
            await live.Audit.AppendAsync(Sample.Audit($"release:{i}"), Token);
        }

        // Written on while the backup runs; a backup is of one moment.
        using var end = new CancellationTokenSource();
        var writing = WriteAsync(live, end.Token);
        var folder = Directory.CreateTempSubdirectory("opsconsole-backup-").FullName;
        try
        {
            // The server's programs run as whoever runs the server.
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
            var file = Path.Combine(folder, "opsconsole.dump");
            await RunAsync("pg_dump", live, "--format=custom", "--file", file);
            var head = await live.Chain.HeadAsync(Token);
            await end.CancelAsync();
            await writing;

            await using var restored = await postgres.CreateEmptyDatabaseAsync(Token);
            await RunAsync("pg_restore", restored, "--exit-on-error", "--no-owner", "--dbname", new NpgsqlConnectionStringBuilder(restored.ConnectionString).Database!, file);

            // A console starts on it, every line is there and unchanged, and nothing append-only has become changeable.
            await new SchemaMigration(restored.Contexts, NullLogger<SchemaMigration>.Instance).ApplyAsync(migrate: false, Token);
            var kept = await restored.Chain.HeadAsync(Token);
            Assert.InRange(kept.Sequence, 20, head.Sequence);
            Assert.Empty((await VerifyAsync(restored)).Faults);
            Assert.Equal(release.Version, (await restored.Releases.FindAsync(release.Id, Token))!.Version);
            await Assert.ThrowsAsync<PostgresException>(() => restored.ExecuteAsync("UPDATE audit SET actor = 'eve'"));
            await Assert.ThrowsAsync<PostgresException>(() => restored.ExecuteAsync("DELETE FROM audit"));

            // It goes on where it was, and a note of what was written after the backup says that that is gone.
            await restored.Audit.AppendAsync(Sample.Audit(), Token);
            Assert.Empty((await VerifyAsync(restored)).Faults);
            var later = await live.Chain.HeadAsync(Token);
            Assert.True(later.Sequence > kept.Sequence + 1);
            Assert.Equal(AuditFaultKind.EndRemoved, Assert.Single((await VerifyAsync(restored, new AuditNote(later.Sequence, later.Hash, Sample.Noon))).Faults).Kind);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task WriteAsync(TestDatabase database, CancellationToken end)
    {
        for (var i = 0; !end.IsCancellationRequested || i < 5; i++)
        {
            await database.Audit.AppendAsync(Sample.Audit($"release:later-{i}"), CancellationToken.None);
        }
    }

    private static async Task<AuditReport> VerifyAsync(TestDatabase database, params AuditNote[] notes)
    {
        using var verifier = new AuditVerifier(database.Chain, new Notes(notes), TimeProvider.System);
        return await verifier.VerifyAsync(Token);
    }

    private static async Task RunAsync(string program, TestDatabase database, params string[] args)
    {
        var connection = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        var start = new ProcessStartInfo(Tool(await PostgresBinaries.FindAsync(null, null, Token), program)) { RedirectStandardError = true };
        (start.Environment["PGHOST"], start.Environment["PGPORT"], start.Environment["PGUSER"], start.Environment["PGDATABASE"]) =
            (connection.Host, connection.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), connection.Username, connection.Database);
        foreach (var arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        using var process = Process.Start(start)!;
        var errors = await process.StandardError.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {errors}");
    }

    /// <summary>A program of the same installation; the server's own may be reached through links.</summary>
    private static string Tool(PostgresBinaries server, string program)
    {
        var linked = new FileInfo(server.Program("initdb")).ResolveLinkTarget(returnFinalTarget: true)?.FullName;
        string?[] folders = [server.Folder, Path.GetDirectoryName(linked), $"/usr/lib/postgresql/{server.Major}/bin", "/usr/bin"];
        var found = folders.OfType<string>().Select(f => Path.Combine(f, program)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(found is null, $"{program} is not installed.");
        return found!;
    }

    private sealed class Notes(AuditNote[] notes) : IAuditNotes
    {
        public Task<IReadOnlyList<AuditNote>> ReadAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<AuditNote>>(notes);

        public Task AddAsync(AuditNote note, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
