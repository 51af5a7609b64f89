using OpsConsole.Core.Board;

namespace OpsConsole.Tests.Core.Board;

public sealed class BoardFeedTests
{
    [Fact]
    public async Task A_slow_reader_finds_one_message_however_many_were_sent()
    {
        var feed = new BoardFeed();
        using var mail = feed.Subscribe();
        for (var i = 0; i < 10_000; i++)
        {
            feed.Announce();
        }

        await mail.WaitAsync(CancellationToken.None);
        Assert.False(mail.WaitAsync(new CancellationTokenSource().Token).IsCompleted);
    }

    [Fact]
    public async Task Waiting_ends_when_it_is_cancelled_and_the_mailbox_goes_on()
    {
        var feed = new BoardFeed();
        using var mail = feed.Subscribe();
        using var stop = new CancellationTokenSource();
        var waiting = mail.WaitAsync(stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        feed.Announce();
        Assert.True(mail.WaitAsync(CancellationToken.None).IsCompletedSuccessfully);
    }

    [Fact]
    public void Who_has_left_is_forgotten()
    {
        var feed = new BoardFeed();
        var mail = feed.Subscribe();
        Assert.Equal(1, feed.Count);
        mail.Dispose();
        mail.Dispose();
        feed.Announce();
        Assert.Equal(0, feed.Count);
    }

    [Fact]
    public async Task Who_subscribes_and_then_reads_misses_no_version()
    {
        var feed = new BoardFeed();
        var current = 0;
        const int Last = 200_000;
        using var timeLimit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            using var mail = feed.Subscribe();
            var seen = Volatile.Read(ref current);
            while (seen < Last)
            {
                await mail.WaitAsync(timeLimit.Token);
                var now = Volatile.Read(ref current);
                Assert.True(now >= seen);
                seen = now;
            }
        })).ToArray();
        for (var i = 1; i <= Last; i++)
        {
            Volatile.Write(ref current, i);
            feed.Announce();
        }

        // A reader that lost the last announcement would wait until the time limit.
        await Task.WhenAll(readers);
    }
}
