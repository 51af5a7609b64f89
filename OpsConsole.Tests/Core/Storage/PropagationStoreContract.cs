using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Storage;

public abstract class PropagationStoreContract(PostgresFixture? embedded) : StoreContract(embedded)
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Added_and_then_counted_on()
    {
        var id = Guid.CreateVersion7();
        await Database.Propagations.SaveAsync(Value(id, "f", 0, 3, 0, [], null), Token);
        var opened = Assert.Single(await Database.Propagations.LatestAsync("f", 10, Token));
        Assert.Equal((3, 0, 3, null, null), (opened.Clients, opened.Confirmed, opened.Unconfirmed, opened.FirstMs, opened.ClosedAt));

        var counted = Value(id, "f", 0, 3, 1, [12.5, 80], Noon.AddSeconds(60));
        await Database.Propagations.SaveAsync(counted, Token);
        await Database.Propagations.SaveAsync(counted, Token);

        var closed = Assert.Single(await Database.Propagations.LatestAsync("f", 10, Token));
        Assert.Equal((id, "f", "production", FlagChangeKind.Targeted, Noon), (closed.Id, closed.Key, closed.Environment, closed.Kind, closed.FlippedAt));
        Assert.Equal((3, 2, 1, 0), (closed.Clients, closed.Confirmed, closed.Gone, closed.Unconfirmed));
        Assert.Equal((12.5, 12.5, 80, 80, Noon.AddSeconds(60)), (closed.FirstMs, closed.MedianMs, closed.P95Ms, closed.LastMs, closed.ClosedAt));
    }

    [Fact]
    public async Task The_latest_of_one_flag_or_of_all_newest_first()
    {
        for (var i = 0; i < 5; i++)
        {
            await Database.Propagations.SaveAsync(Value(Guid.CreateVersion7(), i % 2 == 0 ? "even" : "odd", i, 1, 0, [], null), Token);
        }

        Assert.Equal([Noon.AddMinutes(4), Noon.AddMinutes(2)], (await Database.Propagations.LatestAsync("even", 2, Token)).Select(p => p.FlippedAt));
        Assert.Equal([4, 3, 2, 1, 0], (await Database.Propagations.LatestAsync(null, 1_000, Token)).Select(p => (int)(p.FlippedAt - Noon).TotalMinutes));
        Assert.Single(await Database.Propagations.LatestAsync(null, 0, Token));
        Assert.Empty(await Database.Propagations.LatestAsync("none", 10, Token));
    }

    private static FlagPropagation Value(Guid id, string key, int minutes, int clients, int gone, IReadOnlyList<double> ms, DateTimeOffset? closedAt)
    {
        var value = new FlagPropagation { Id = id, Key = key, Environment = "production", Kind = FlagChangeKind.Targeted, FlippedAt = Noon.AddMinutes(minutes) };
        value.Count(clients, gone, ms, closedAt);
        return value;
    }
}

public sealed class PropagationStoreOnEmbeddedPostgres(PostgresFixture postgres) : PropagationStoreContract(postgres);

public sealed class PropagationStoreOnConfiguredPostgres() : PropagationStoreContract(null);

public sealed class PropagationStoreOnConfiguredSqlServer() : PropagationStoreContract(null), IOnSqlServer;
