using Microsoft.Extensions.DependencyInjection;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Components.Switches;

namespace OpsConsole.Tests.Web.Components;

public sealed class PropagationViewTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly PropagationBook _book = new(new InMemoryPropagations(), new InMemoryRecord(), new FakeTime(Noon));

    [Fact]
    public async Task Shows_how_many_are_on_the_new_value_and_follows_while_it_is_measured()
    {
        await using var harness = Harness();
        var id = Guid.CreateVersion7();
        var first = Value(id, 4, 0, [80], closed: false);
        Take(first);
        await ShowAsync(harness, first);
        await harness.SeesAsync("1 of 4 clients on the new value; waiting for the others.");
        await harness.SeesAsync("80 ms");

        Take(Value(Guid.CreateVersion7(), 9, 0, [1], closed: false));
        Take(Value(id, 4, 1, [80, 400, 1_500], closed: true));

        await harness.SeesAsync("3 of 4 clients on the new value.");
        foreach (var text in (string[])["400 ms", "1.5 s", "gone before"])
        {
            await harness.SeesAsync(text);
        }
    }

    [Fact]
    public async Task Clients_that_stay_on_the_old_value_stand_out()
    {
        await using var harness = Harness();

        await ShowAsync(harness, Value(Guid.CreateVersion7(), 4, 1, [80], closed: true));

        Assert.NotNull(await harness.FindAsync(".late"));
        await harness.SeesAsync("unconfirmed");
    }

    [Fact]
    public async Task What_a_stop_cut_short_is_not_called_measuring_and_nobody_there_is_said_plainly()
    {
        await using var harness = Harness();
        await ShowAsync(harness, Value(Guid.CreateVersion7(), 4, 0, [80], closed: false));
        await harness.SeesAsync("1 of 4 clients on the new value; the console stopped before all were in.");

        await using var empty = Harness();
        await ShowAsync(empty, Value(Guid.CreateVersion7(), 0, 0, [], closed: true));
        await empty.SeesAsync("No client was there when it was killed: the next to ask gets the new value.");
    }

    private ComponentHarness Harness() => new(services => services.AddSingleton(_book));

    private static Task ShowAsync(ComponentHarness harness, FlagPropagation value) => harness.RenderAsync<PropagationView>(new Dictionary<string, object?> { ["Value"] = value });

    private void Take(FlagPropagation value) => _book.Take(new PropagationNews([value], []));

    private static FlagPropagation Value(Guid id, int clients, int gone, IReadOnlyList<double> ms, bool closed)
    {
        var value = new FlagPropagation { Id = id, Key = "f", Kind = FlagChangeKind.Killed, FlippedAt = Noon };
        value.Count(clients, gone, ms, closed ? Noon.AddSeconds(60) : null);
        return value;
    }
}
