using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Kill;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Storage;
using OpsConsole.Core.Storage.EmbeddedPostgres;
using OpsConsole.Tests.Core.Actions.Gate;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Storage;

/// <summary>The disk under the database is full while actions are recorded. Needs the right to mount a small file system.</summary>
public sealed class DiskFullTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("opsconsole-full-").FullName;
    private bool _mounted;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _mounted = OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && await RunAsync("mount", "-t", "tmpfs", "-o", "size=160m,mode=0755", "tmpfs", _folder) == 0;
        Assert.SkipUnless(_mounted, "No small file system can be mounted here.");
    }

    public async ValueTask DisposeAsync()
    {
        if (_mounted)
        {
            await RunAsync("umount", "--lazy", _folder);
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task An_action_that_cannot_be_recorded_is_not_done_a_kill_is_and_all_goes_on_when_there_is_room()
    {
        await using var server = await EmbeddedPostgresServer.StartAsync(_folder, null, NullLogger.Instance, TimeProvider.System, Token);
        await using var database = new TestDatabase(server.ConnectionString, drop: null);
        await new SchemaMigration(database.Contexts, NullLogger<SchemaMigration>.Instance).ApplyAsync(Token);
        var target = new FakeTarget("gateway", Given.Gateway, TimeProvider.System);
        using var console = new ConsoleSide(database, target, "one");
        var release = Sample.Release();
        await database.Releases.AddAsync(release, "anna", Token);
        await database.Switches.AddAsync(Sample.Switch("recommendations"), Sample.Audit(), Token);
        await database.Audit.AppendAsync(Sample.Audit(), Token);
        var before = await CountsAsync(database);

        var filler = Path.Combine(_folder, "filler");
        await FillAsync(filler);

        // Nothing is half there: neither action nor line, and the target was not asked.
        var action = Sample.Action(release);
        action.Move(ActionPhase.Executing, Sample.Noon);
        await Assert.ThrowsAsync<RecordUnavailableException>(() => database.Actions.SaveAsync(new ActionChange { Action = action, IsNew = true, Audit = [Large()] }, Token));
        Assert.Equal(before, await CountsAsync(database));
        Assert.Empty(target.Asked);

        // A kill is in force at once, kept in the journal, and says so.
        var kill = Assert.IsType<GateAnswer.Accepted>(await console.Gate.RequestAsync(new KillCommand("recommendations", "errors grow"), Given.OnCall, Token));
        Assert.Single(console.Journal.Waiting);
        Assert.False((await database.Switches.FindAsync("recommendations", Token))!.Killed);

        File.Delete(filler);
        await Eventually.TrueAsync(async () =>
        {
            await server.EnsureRunningAsync(Token);
            try
            {
                await console.Replay.SettleAsync(Token);
                return console.Journal.Waiting.Count == 0;
            }
            catch (RecordUnavailableException)
            {
                return false;
            }
        }, TimeSpan.FromSeconds(60));

        Assert.True((await database.Switches.FindAsync("recommendations", Token))!.Killed);
        Assert.NotNull(await database.Actions.FindAsync(kill.Action.Id, Token));
        Assert.Equal(ActionSave.Saved, await database.Actions.SaveAsync(new ActionChange { Action = action, IsNew = true, Audit = [Large()] }, Token));
        using var verifier = new AuditVerifier(database.Chain, new NoNotes(), TimeProvider.System);
        Assert.Empty((await verifier.VerifyAsync(Token)).Faults);
    }

    /// <summary>A line that does not fit where some room is left.</summary>
    private static AuditEntry Large() => new()
    {
        At = Sample.Noon, Actor = "anna", Role = "OnCall", Event = "promote", Subject = "release:1", SubjectTitle = "shop", Outcome = "intent",
        Detail = string.Concat(Enumerable.Range(0, 4_000).Select(i => (char)('a' + (i * i % 26)))),
    };

    private static Task<string> CountsAsync(TestDatabase database) =>
        database.QueryAsync("SELECT (SELECT count(*) FROM actions) || ' ' || (SELECT count(*) FROM audit) || ' ' || (SELECT count(*) FROM audit_chain) || ' ' || (SELECT sequence FROM audit_head)");

    private static async Task FillAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[64 * 1024];
        try
        {
            while (true)
            {
                await file.WriteAsync(block, Token);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    private static async Task<int> RunAsync(string program, params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardError = true })!;
        await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private sealed class NoNotes : IAuditNotes
    {
        public Task<IReadOnlyList<AuditNote>> ReadAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<AuditNote>>([]);

        public Task AddAsync(AuditNote note, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
