using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Core.Actions.Kill;
using OpsConsole.Core.Storage;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Storage;

public sealed class KillJournalFileTests : IDisposable
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

    [Theory]
    [InlineData("\"reason\"", "\"season\"", "vouchers", "staging")]
    [InlineData("\"role\"", "\u0002role\"", "vouchers", "staging")]
    [InlineData("\"key\"", "\"oey\"", null, null)]
    [InlineData("\"vouchers\"", "\"Vouchers\"", null, null)]
    public async Task A_damaged_line_of_a_confirmed_kill_holds_off_what_it_still_names_and_is_an_alarm_and_never_lost(string whole, string flipped, string? key, string? environment)
    {
        var (one, last) = (Kill("vouchers", "staging"), Kill("b"));
        string text;
        using (var journal = await OpenAsync())
        {
            await journal.KeepAsync(one, default);
            await journal.KeepAsync(last, default);
            var lines = await File.ReadAllLinesAsync(journal.FilePath);
            text = lines[0].Replace(whole, flipped, StringComparison.Ordinal) + "\n" + lines[1] + "\n";
            await File.WriteAllTextAsync(journal.FilePath, text);
        }

        var log = new Lines();
        using var again = new KillJournalFile(_folder, TimeProvider.System, log);
        await again.OpenAsync(default);

        Assert.Equal([new DamagedKill(key, environment)], again.Damaged);
        Assert.Equal(key is null ? ["b"] : ["vouchers", "b"], again.Waiting.Select(k => k.Key));
        Assert.Equal(key is null ? [last.Id] : [one.Id, last.Id], again.Waiting.Select(k => k.Id));
        Assert.Equal([text.Split('\n')[0]], await File.ReadAllLinesAsync(again.DamagedPath));
        Assert.Contains("was confirmed", Assert.Single(log.Critical), StringComparison.Ordinal);

        // What nobody can read is still an alarm after the others are on record; what is on record is none.
        foreach (var kill in again.Waiting)
        {
            await again.DropAsync(kill.Id, default);
        }

        using var next = await OpenAsync();
        Assert.Empty(next.Waiting);
        Assert.Equal(key is null ? 1 : 0, next.Damaged.Count);
    }

    [Fact]
    public async Task A_torn_line_that_others_follow_is_still_one_that_was_confirmed_to_nobody()
    {
        using (var journal = await OpenAsync())
        {
            await journal.KeepAsync(Kill("a"), default);
            var text = await File.ReadAllBytesAsync(journal.FilePath);
            await File.WriteAllBytesAsync(journal.FilePath, text[..^2]);
            await journal.KeepAsync(Kill("b"), default);
        }

        using var again = await OpenAsync();

        Assert.Equal(["b"], again.Waiting.Select(k => k.Key));
        Assert.Empty(again.Damaged);
        Assert.Single(await File.ReadAllLinesAsync(again.DamagedPath));
    }

    [Fact]
    public async Task What_could_not_be_read_at_first_is_never_emptied_and_is_read_later()
    {
        var (old, done) = (Kill("a"), Kill("b"));
        using (var whole = await OpenAsync())
        {
            await whole.KeepAsync(old, default);
        }

        var fails = true;
        using var journal = new KillJournalFile(_folder, TimeProvider.System, NullLogger<KillJournalFile>.Instance)
        {
            ReadThrough = file => fails ? throw new IOException("Input/output error") : new StreamReader(file).ReadToEnd(),
        };
        await journal.OpenAsync(default);
        Assert.False(journal.IsRead);
        await journal.KeepAsync(done, default);
        await journal.DropAsync(done.Id, default);
        Assert.Empty(journal.Waiting);

        fails = false;
        await journal.OpenAsync(default);

        Assert.True(journal.IsRead);
        Assert.Equal([old], journal.Waiting);
        await journal.WaitAsync(default).WaitAsync(TimeSpan.FromSeconds(30));
        await journal.DropAsync(old.Id, default);
        Assert.Equal(0, new FileInfo(journal.FilePath).Length);
    }

    [Fact]
    public async Task Reading_that_hangs_stops_no_start_and_counts_when_it_ends()
    {
        using (var whole = await OpenAsync())
        {
            await whole.KeepAsync(Kill("a"), default);
        }

        using var go = new ManualResetEventSlim();
        var time = new FakeTime(DateTimeOffset.UnixEpoch);
        var reads = 0;
        var begun = new TaskCompletionSource();
        using var journal = new KillJournalFile(_folder, time, NullLogger<KillJournalFile>.Instance)
        {
            ReadThrough = file =>
            {
                reads++;
                begun.SetResult();
                go.Wait(TimeSpan.FromSeconds(30));
                return new StreamReader(file).ReadToEnd();
            },
        };
        var opening = journal.OpenAsync(default);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));
        time.Advance(KillJournalFile.WriteLimit);
        await opening.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.False(journal.IsRead);

        var again = journal.OpenAsync(default);
        go.Set();
        await again.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal((true, 1, "a"), (journal.IsRead, reads, Assert.Single(journal.Waiting).Key));
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
