using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Core.Storage;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Identity;

namespace OpsConsole.Tests.Web.Identity;

public sealed class FlagClientLoadingTests
{
    [Fact]
    public async Task It_tries_until_the_tokens_are_read_and_then_notes_when_they_were_used()
    {
        var time = new FakeTime();
        var token = FlagClientTable.NewToken();
        var stored = new InMemoryFlagClients { Away = true };
        stored.Clients.Add(new FlagClient { Id = Guid.CreateVersion7(), Name = "shop", Environment = "production", TokenHash = FlagClientTable.Hash(token), CreatedAt = time.GetUtcNow(), CreatedBy = "ann" });
        var table = new FlagClientTable(time);
        var ready = new StorageReady();
        using var loading = new FlagClientLoading(ready, stored, table, time, NullLogger<FlagClientLoading>.Instance);
        await loading.StartAsync(TestContext.Current.CancellationToken);
        Assert.False(table.IsLoaded);

        ready.Set();
        await Eventually.TrueAsync(() => stored.Refused > 0);
        stored.Away = false;
        await Eventually.TrueAsync(() => PassedAsync(() => table.IsLoaded));
        Assert.NotNull(table.Find(token));
        await Eventually.TrueAsync(() => PassedAsync(() => stored.Clients[0].LastUsedAt is not null));

        await loading.StopAsync(TestContext.Current.CancellationToken);

        Task<bool> PassedAsync(Func<bool> holds)
        {
            time.Advance(TimeSpan.FromSeconds(10));
            return Task.FromResult(holds());
        }
    }

    [Fact]
    public async Task Uses_of_the_last_minute_are_noted_when_the_console_stops_also_where_they_could_not_be_before()
    {
        var time = new FakeTime();
        var token = FlagClientTable.NewToken();
        var stored = new InMemoryFlagClients();
        stored.Clients.Add(new FlagClient { Id = Guid.CreateVersion7(), Name = "shop", Environment = "production", TokenHash = FlagClientTable.Hash(token), CreatedAt = time.GetUtcNow(), CreatedBy = "ann" });
        var (table, ready) = (new FlagClientTable(time), new StorageReady());
        using var loading = new FlagClientLoading(ready, stored, table, time, NullLogger<FlagClientLoading>.Instance);
        ready.Set();
        await loading.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => table.IsLoaded);
        var used = time.GetUtcNow();
        Assert.NotNull(table.Find(token));
        stored.Away = true;
        var refused = stored.Refused;
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(10));
            return stored.Refused > refused + 20;
        });
        Assert.Null(stored.Clients[0].LastUsedAt);

        stored.Away = false;
        await loading.StopAsync(TestContext.Current.CancellationToken);

        Assert.True(stored.Clients[0].LastUsedAt <= used && used - stored.Clients[0].LastUsedAt < TimeSpan.FromMinutes(1));
    }
}
