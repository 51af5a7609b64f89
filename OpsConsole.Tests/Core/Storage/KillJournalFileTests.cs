using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Core.Actions.Kill;
using OpsConsole.Core.Storage;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Storage;

public sealed partial class KillJournalFileTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "kills-" + Guid.NewGuid().ToString("N"));

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public async Task What_was_kept_is_there_after_a_restart_and_gone_once_dropped()
    {
        var (one, two) = (Kill("a"), Kill("b", "staging"));
        using (var journal = await OpenAsync())
        {
            await journal.KeepAsync(one, default);
            await journal.KeepAsync(two, default);
        }

        using var again = await OpenAsync();
        Assert.Equal([one, two], again.Waiting);
        await again.DropAsync(one.Id, default);
        Assert.Equal([two], again.Waiting);

        // The file keeps what is on record until all of it is: at a restart it is passed over there.
        using (var third = await OpenAsync())
        {
            Assert.Equal(2, third.Waiting.Count);
        }

        await again.DropAsync(two.Id, default);
        using var last = await OpenAsync();
        Assert.Empty(last.Waiting);
        Assert.Equal(0, new FileInfo(again.FilePath).Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(120)]
    public async Task A_torn_last_line_is_kept_aside_and_stops_nothing_and_takes_no_later_line_with_it(int cut)
    {
        var (one, two) = (Kill("a"), Kill("b"));
        using (var journal = await OpenAsync())
        {
            await journal.KeepAsync(one, default);
            await journal.KeepAsync(two, default);
            var text = await File.ReadAllBytesAsync(journal.FilePath);
            await File.WriteAllBytesAsync(journal.FilePath, text[..^(cut + 1)]);
        }

        using var again = await OpenAsync();
        Assert.Equal([one], again.Waiting);
        Assert.Single(await File.ReadAllLinesAsync(again.DamagedPath));
        var three = Kill("c");
        await again.KeepAsync(three, default);

        using var last = await OpenAsync();
        Assert.Equal([one, three], last.Waiting);
        Assert.Single(await File.ReadAllLinesAsync(last.DamagedPath));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("""{"kill":{"id":"0198c5a0-0000-7000-8000-000000000000"},"sha256":"00"}""")]
    [InlineData("""[1]""")]
    [InlineData("""{"kill":null}""")]
    public async Task What_was_tampered_with_is_kept_aside(string line)
    {
        Directory.CreateDirectory(_folder);
        await File.WriteAllTextAsync(Path.Combine(_folder, "kills.journal"), line + "\n");

        using var journal = await OpenAsync();

        Assert.Empty(journal.Waiting);
        Assert.Equal([line], await File.ReadAllLinesAsync(journal.DamagedPath));
    }

    [Fact]
    public async Task A_full_disk_is_said_and_leaves_nothing_behind_that_would_count()
    {
        using (var whole = await OpenAsync())
        {
            await whole.KeepAsync(Kill("a"), default);
        }

        using var journal = new KillJournalFile(_folder, TimeProvider.System, NullLogger<KillJournalFile>.Instance)
        {
            WriteThrough = static (file, line) =>
            {
                file.Write(line.Span[..(line.Length / 2)]);
                throw new IOException("No space left on device");
            },
        };
        await journal.OpenAsync(default);

        var thrown = await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.KeepAsync(Kill("b"), default));

        Assert.Contains("No space left on device", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(["a"], journal.Waiting.Select(k => k.Key));
        using var again = await OpenAsync();
        Assert.Equal(["a"], again.Waiting.Select(k => k.Key));
        Assert.False(File.Exists(again.DamagedPath));
    }

    [Fact]
    public async Task A_disk_that_hangs_is_given_up_on_and_what_it_takes_later_does_not_count()
    {
        using var go = new ManualResetEventSlim();
        var time = new FakeTime(DateTimeOffset.UnixEpoch);
        var taken = new TaskCompletionSource();
        using var journal = new KillJournalFile(_folder, time, NullLogger<KillJournalFile>.Instance)
        {
            WriteThrough = (file, line) =>
            {
                taken.SetResult();
                go.Wait(TimeSpan.FromSeconds(30));
                file.Write(line.Span);
            },
        };

        var keeping = journal.KeepAsync(Kill("a"), default);
        await taken.Task.WaitAsync(TimeSpan.FromSeconds(30));
        time.Advance(KillJournalFile.WriteLimit);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => keeping);
        go.Set();

        await Eventually.TrueAsync(() => new FileInfo(journal.FilePath).Length == 0);
        Assert.Empty(journal.Waiting);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_stops_no_start_and_refuses_kills()
    {
        await File.WriteAllTextAsync(_folder, "a file where the folder would be");
        try
        {
            using var journal = await OpenAsync();

            Assert.Empty(journal.Waiting);
            await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.KeepAsync(Kill("a"), default));
        }
        finally
        {
            File.Delete(_folder);
        }
    }

    [Fact]
    public async Task Who_waits_is_told_when_a_kill_is_kept_and_waits_again_after_the_last_was_dropped()
    {
        using var journal = await OpenAsync();
        var waiting = journal.WaitAsync(default);
        Assert.False(waiting.IsCompleted);
        var kill = Kill("a");

        await journal.KeepAsync(kill, default);
        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
        await journal.DropAsync(kill.Id, default);

        Assert.False(journal.WaitAsync(default).IsCompleted);
    }

    private async Task<KillJournalFile> OpenAsync()
    {
        var journal = new KillJournalFile(_folder, TimeProvider.System, NullLogger<KillJournalFile>.Instance);
        await journal.OpenAsync(default);
        return journal;
    }

    private static JournalledKill Kill(string key, string? environment = null) =>
        new(Guid.CreateVersion7(), key, environment, "mira", "OnCall", "errors “grow”\\", new DateTimeOffset(2026, 3, 1, 12, 0, 0, 123, TimeSpan.Zero));

    private sealed class Lines : ILogger<KillJournalFile>
    {
        public List<string> Critical { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Critical)
            {
                Critical.Add(formatter(state, exception));
            }
        }
    }
}
