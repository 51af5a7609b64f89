using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Core.Actions.Kill;
using OpsConsole.Core.Storage;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Storage;

/// <summary>What cannot be read, at first or at all.</summary>
public sealed partial class KillJournalFileTests
{
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
}
