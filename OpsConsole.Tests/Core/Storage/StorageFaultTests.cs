using System.Net;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Storage;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Storage;

/// <summary>The database goes, hangs, or breaks a connection in the middle of a save.</summary>
public sealed class StorageFaultTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_that_is_away_is_one_exception()
    {
        var away = Over("Host=127.0.0.1;Port=1;Username=x;Database=x");

        var thrown = await Assert.ThrowsAsync<RecordUnavailableException>(() => away.Switches.ListAsync(Token));

        Assert.Contains("cannot be reached", thrown.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<RecordUnavailableException>(() => away.Actions.SaveAsync(new() { Action = Executing(), IsNew = true }, Token));
        Assert.False(await new DatabaseHealth(away.Contexts, away.Ready, TimeProvider.System).PingAsync(Token));
    }

    [Fact]
    public async Task A_database_that_hangs_is_given_up_on()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var hanging = Over($"Host=127.0.0.1;Port={((IPEndPoint)silent.LocalEndpoint).Port};Username=x;Database=x;Timeout=300");
        var time = new FakeTime();
        var record = new RecordDatabase(hanging.Contexts, hanging.Ready, time);

        var waiting = new SwitchStore(record).ListAsync(Token);
        var ping = new DatabaseHealth(hanging.Contexts, hanging.Ready, time).PingAsync(Token);
        using var first = await silent.AcceptTcpClientAsync(Token);
        using var second = await silent.AcceptTcpClientAsync(Token);
        Assert.False(waiting.IsCompleted);
        time.Advance(RecordDatabase.Live);

        var thrown = await Assert.ThrowsAsync<RecordUnavailableException>(() => waiting);
        Assert.Contains("within 5 s", thrown.Message, StringComparison.Ordinal);
        Assert.False(await ping);
    }

    [Fact]
    public async Task However_many_ask_whether_the_database_answers_it_is_asked_once_a_second()
    {
        await using var database = await postgres.CreateDatabaseAsync(Token);
        await using var away = Over("Host=127.0.0.1;Port=1;Username=x;Database=x");
        var time = new FakeTime();
        var counted = new Counted(database.Contexts);
        var health = new DatabaseHealth(counted, database.Ready, time);

        Assert.All(await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => health.PingAsync(Token))), Assert.True);
        Assert.True(await health.PingAsync(Token));
        Assert.Equal(1, counted.Contexts);

        counted.From = away.Contexts;
        time.Advance(DatabaseHealth.Kept);
        Assert.False(await health.PingAsync(Token));
        Assert.False(await health.PingAsync(Token));
        Assert.Equal(2, counted.Contexts);

        counted.From = database.Contexts;
        time.Advance(DatabaseHealth.Kept);
        Assert.True(await health.PingAsync(Token));
    }

    [Fact]
    public async Task Who_goes_away_takes_the_answer_from_nobody_else()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var hanging = Over($"Host=127.0.0.1;Port={((IPEndPoint)silent.LocalEndpoint).Port};Username=x;Database=x;Timeout=300");
        var time = new FakeTime();
        var health = new DatabaseHealth(hanging.Contexts, hanging.Ready, time);
        using var leaving = new CancellationTokenSource();

        var gone = health.PingAsync(leaving.Token);
        var stays = health.PingAsync(Token);
        using var one = await silent.AcceptTcpClientAsync(Token);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        Assert.False(stays.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(await stays);
        Assert.False(silent.Pending());
    }

    [Fact]
    public async Task A_statement_that_waits_for_a_lock_is_given_up_on_and_leaves_nothing()
    {
        await using var database = await postgres.CreateDatabaseAsync(Token);
        await using var holder = new NpgsqlConnection(database.ConnectionString);
        await holder.OpenAsync(Token);
        await using var held = await holder.BeginTransactionAsync(Token);
        await using (var take = new NpgsqlCommand("LOCK TABLE actions", holder))
        {
            await take.ExecuteNonQueryAsync(Token);
        }

        var time = new FakeTime();
        var store = new ActionStore(new RecordDatabase(database.Contexts, database.Ready, time));
        var saving = store.SaveAsync(new() { Action = Executing(), IsNew = true, Audit = [Sample.Audit()] }, Token);
        await Eventually.TrueAsync(async () => await database.QueryAsync("SELECT count(*) FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())") != "0");
        time.Advance(RecordDatabase.Live);

        await Assert.ThrowsAsync<RecordUnavailableException>(() => saving);
        await held.RollbackAsync(Token);
        Assert.Equal("0", await database.QueryAsync("SELECT count(*) FROM actions"));
        Assert.Equal("0", await database.QueryAsync("SELECT count(*) FROM audit"));
    }

    [Fact]
    public async Task A_caller_who_gives_up_is_not_told_that_the_database_is_away()
    {
        await using var database = await postgres.CreateDatabaseAsync(Token);
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => database.Switches.ListAsync(gone.Token));
    }

    [Fact]
    public async Task Connections_that_were_cut_are_replaced_without_the_caller_noticing()
    {
        await using var database = await postgres.CreateDatabaseAsync(Token);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => database.Switches.ListAsync(Token)));
        await CutAsync(database);

        await database.Audit.AppendAsync(Sample.Audit(), Token);
        await CutAsync(database);

        Assert.Equal(1, (await database.Audit.PageAsync(new AuditQuery(), Token)).Total);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_save_whose_connection_broke_is_made_once(bool afterCommit)
    {
        await using var database = await postgres.CreateDatabaseAsync(Token);
        await using var relay = new BreakingRelay(database.ConnectionString, afterCommit);
        await using var broken = Over(relay.ConnectionString);
        var action = Executing();

        Assert.Equal(ActionSave.Saved, await broken.Actions.SaveAsync(new() { Action = action, IsNew = true, Audit = [Sample.Audit()] }, Token));

        Assert.True(relay.HasBroken);
        Assert.Equal("1", await database.QueryAsync("SELECT count(*) FROM actions"));
        Assert.Equal("1", await database.QueryAsync("SELECT count(*) FROM audit"));
    }

    private static Task<string> CutAsync(TestDatabase database) => database.QueryAsync(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");

    private static TestDatabase Over(string connectionString) => new(connectionString, drop: null);

    /// <summary>Counts what is asked of a database, which the test can take away.</summary>
    private sealed class Counted(IDbContextFactory<OpsConsoleDbContext> from) : IDbContextFactory<OpsConsoleDbContext>
    {
        private int _contexts;

        public int Contexts => Volatile.Read(ref _contexts);

        public IDbContextFactory<OpsConsoleDbContext> From { get; set; } = from;

        public OpsConsoleDbContext CreateDbContext()
        {
            Interlocked.Increment(ref _contexts);
            return From.CreateDbContext();
        }
    }

    private static ReleaseAction Executing()
    {
        var action = Sample.Action(null, ActionVerb.Kill, "personal-recommendations");
        action.Move(ActionPhase.Executing, Sample.Noon);
        return action;
    }
}
