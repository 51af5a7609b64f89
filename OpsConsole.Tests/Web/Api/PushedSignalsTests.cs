using OpsConsole.Tests.Shared;
using OpsConsole.Web.Api.Push;

namespace OpsConsole.Tests.Web.Api;

public sealed class PushedSignalsTests
{
    private readonly FakeTime _time = new();

    [Fact]
    public void What_was_pushed_lately_is_provided_where_it_was_pushed_for()
    {
        var pushed = new PushedSignals(_time);
        pushed.Note(new("shop", "gateway", "production", "2.15.0", new("cart_size")));
        pushed.Note(new("shop", "gateway", "production", "2.14.3", new("cart_size")));
        pushed.Note(new("shop", "app-store", "staging", "2.15.0", new("launch_time_p95")));

        Assert.Equal(["cart_size"], pushed.Names("shop", "gateway", null));
        Assert.Equal(["cart_size", "launch_time_p95"], pushed.Names("shop", null, null).Order());
        Assert.Empty(pushed.Names("shop", "gateway", "staging"));
        Assert.Empty(pushed.Names("search", null, null));
    }

    [Fact]
    public void What_was_pushed_long_ago_is_not()
    {
        var pushed = new PushedSignals(_time);
        pushed.Note(new("shop", "gateway", "production", "2.15.0", new("cart_size")));

        _time.Advance(PushedSignals.Kept + TimeSpan.FromSeconds(1));

        Assert.Empty(pushed.Names("shop", null, null));
    }

    [Fact]
    public void However_many_names_are_pushed_only_so_many_are_remembered()
    {
        var pushed = new PushedSignals(_time);
        for (var i = 0; i < 25_000; i++)
        {
            pushed.Note(new("shop", "gateway", "production", "2.15.0", new($"s{i}")));
        }

        Assert.Equal(20_000, pushed.Names("shop", null, null).Count());
    }

    [Fact]
    public void Room_is_made_once_a_minute_at_most()
    {
        var pushed = new PushedSignals(_time);
        for (var i = 0; i < 20_000; i++)
        {
            Note($"s{i}");
        }

        _time.Advance(PushedSignals.Kept - TimeSpan.FromSeconds(30));
        Note("looked_through");
        _time.Advance(TimeSpan.FromSeconds(31));
        Note("too_soon");
        Note("too_soon_as_well");
        Assert.Empty(pushed.Names("shop", null, null));

        _time.Advance(TimeSpan.FromSeconds(30));
        Note("makes_room");
        Note("remembered");
        Assert.Equal(["remembered"], pushed.Names("shop", null, null));

        void Note(string name) => pushed.Note(new("shop", "gateway", "production", "2.15.0", new(name)));
    }
}
