using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Switches;

public sealed class FlagClientTableTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTime _time = new(Noon);

    [Fact]
    public void A_token_is_known_once_it_is_loaded_and_no_more_once_it_is_revoked()
    {
        var table = new FlagClientTable(_time);
        var token = FlagClientTable.NewToken();
        var client = Client(token);
        Assert.False(table.IsLoaded);

        table.Load([client]);

        Assert.True(table.IsLoaded);
        Assert.Equal(new KnownFlagClient(client.Id, "shop web", "staging"), table.Find(token));
        Assert.Null(table.Find(FlagClientTable.NewToken()));
        Assert.Null(table.Find("ops_" + token));
        List<Guid> told = [];
        table.Revoked += told.Add;
        table.Revoke(client.Id);
        Assert.Null(table.Find(token));
        Assert.False(table.Counts(client.Id));
        Assert.Equal([client.Id], told);
    }

    [Fact]
    public void What_was_read_before_it_was_revoked_does_not_bring_it_back()
    {
        var table = new FlagClientTable(_time);
        var token = FlagClientTable.NewToken();
        var read = Client(token);
        table.Revoke(read.Id);

        table.Load([read]);

        Assert.Null(table.Find(token));
    }

    [Fact]
    public void One_revoked_on_record_is_not_loaded()
    {
        var table = new FlagClientTable(_time);
        var token = FlagClientTable.NewToken();
        var client = Client(token);
        client.Revoke("ann", Noon);

        table.Load([client]);

        Assert.Null(table.Find(token));
    }

    [Fact]
    public void Uses_are_told_once_and_to_the_minute()
    {
        var table = new FlagClientTable(_time);
        var (one, two) = (FlagClientTable.NewToken(), FlagClientTable.NewToken());
        var used = Client(one);
        table.Load([used, Client(two)]);
        Assert.Empty(table.TakeUses());

        _time.Advance(TimeSpan.FromSeconds(90));
        table.Find(one);
        table.Find(one);

        Assert.Equal(Noon.AddMinutes(1), Assert.Single(table.TakeUses()).Value);
        Assert.Empty(table.TakeUses());
        _time.Advance(TimeSpan.FromMinutes(5));
        table.Find(one);
        Assert.Equal(used.Id, Assert.Single(table.TakeUses()).Key);
    }

    [Fact]
    public void A_use_outlives_that_the_token_is_revoked_and_that_it_could_not_be_noted()
    {
        var table = new FlagClientTable(_time);
        var token = FlagClientTable.NewToken();
        var client = Client(token);
        table.Load([client]);
        Assert.Null(table.LastUse(client.Id));

        _time.Advance(TimeSpan.FromMinutes(3));
        table.Find(token);
        Assert.Equal(Noon.AddMinutes(3), table.LastUse(client.Id));
        table.Revoke(client.Id);
        Assert.Equal(Noon.AddMinutes(3), table.LastUse(client.Id));

        var uses = table.TakeUses();
        Assert.Equal((client.Id, Noon.AddMinutes(3)), Assert.Single(uses.Select(u => (u.Key, u.Value))));
        table.Untake(uses);
        Assert.Equal(uses, table.TakeUses());
        Assert.Empty(table.TakeUses());
    }

    private static FlagClient Client(string token) => new()
    {
        Id = Guid.CreateVersion7(Noon), Name = "shop web", Environment = "staging", TokenHash = FlagClientTable.Hash(token), CreatedAt = Noon, CreatedBy = "ann",
    };
}
