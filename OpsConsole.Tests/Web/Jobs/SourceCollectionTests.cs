using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Core.Board;
using OpsConsole.Core.Signals;
using OpsConsole.Tests.Core.Board;
using OpsConsole.Tests.Core.Sources.PrometheusText;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Jobs;

namespace OpsConsole.Tests.Web.Jobs;

public sealed class SourceCollectionTests : IDisposable
{
    private static readonly SourceBinding Binding = ScriptedSource.Binding(ScriptedSource.Rate("a"), ScriptedSource.Gauge("b")) with { Interval = TimeSpan.FromSeconds(5) };
    private readonly FakeTime _time = new();
    private readonly FakeSource _source = new(Binding);
    private readonly KeepingSink _sink = new();
    private readonly Measurements _measured = new();
    private readonly SourceCollection _collection;

    public SourceCollectionTests() =>
        _collection = new SourceCollection(Binding, _source, _sink, new SignalMetrics(_measured.Meters), _time, NullLogger.Instance);

    public void Dispose() => _measured.Dispose();

    [Fact]
    public async Task A_good_source_is_read_at_every_interval()
    {
        Assert.Equal(4, await ReadsIn(4));
        Assert.Equal(8, _sink.Samples.Count);
        Assert.Equal(_time.GetUtcNow(), _collection.Status.LastReadAt);
        Assert.Null(_collection.Status.LastError);
        Assert.Equal(4, _measured["opsconsole.source.reads"]);
        Assert.Equal(8, _measured["opsconsole.signal.samples origin=source outcome=recorded"]);
    }

    [Fact]
    public async Task A_failing_source_is_given_more_and_more_time_and_half_a_minute_at_most()
    {
        _source.Answer = static _ => Task.FromResult<string?>("It is down.");
        var reads = new List<int>();
        for (var i = 0; i < 24; i++)
        {
            if (await ReadsIn(1) == 1)
            {
                reads.Add(i);
            }
        }

        // After 5, 10, 20 and then each 30 seconds.
        Assert.Equal([0, 1, 3, 7, 13, 19], reads);
        Assert.Equal(6, _collection.Status.ConsecutiveErrors);
        Assert.Equal("It is down.", _collection.Status.LastError);
        Assert.Null(_collection.Status.LastReadAt);
        Assert.Equal(6, _measured["opsconsole.source.failed_reads"]);
        Assert.Equal(18, _measured["opsconsole.source.skipped_reads"]);
    }

    [Fact]
    public async Task An_interval_that_is_left_out_says_so_for_every_signal()
    {
        _source.Answer = static _ => Task.FromResult<string?>("It is down.");
        await ReadsIn(2);
        var before = _sink.Samples.Count;

        Assert.Equal(0, await ReadsIn(1));

        var said = _sink.Samples.Skip(before).ToList();
        Assert.Equal(Binding.Rules.Select(Binding.AddressOf), said.Select(s => s.Address));
        Assert.All(said, s => Assert.Equal((SampleKind.Error, "It is down.", _time.GetUtcNow()), (s.Kind, s.Detail, s.At)));
    }

    [Fact]
    public async Task One_good_read_ends_the_waiting()
    {
        _source.Answer = static _ => Task.FromResult<string?>("It is down.");
        await ReadsIn(8);
        _source.Answer = static _ => Task.FromResult<string?>(null);
        await ReadsIn(6);

        Assert.Equal(0, _collection.Status.ConsecutiveErrors);
        Assert.Null(_collection.Status.LastError);
        Assert.Equal(3, await ReadsIn(3));
    }

    [Fact]
    public async Task Intervals_a_little_early_do_not_miss_a_try()
    {
        _source.Answer = static _ => Task.FromResult<string?>("It is down.");
        await _collection.TickAsync(default);
        _time.Advance(TimeSpan.FromSeconds(4.9));
        await _collection.TickAsync(default);

        Assert.Equal(2, _source.Reads);
    }

    [Fact]
    public async Task A_source_is_never_read_twice_at_once()
    {
        var release = new TaskCompletionSource<string?>();
        _source.Answer = _ => release.Task;
        var first = _collection.TickAsync(default);

        await _collection.TickAsync(default);
        Assert.Equal(1, _source.Reads);

        release.SetResult(null);
        await first;
        await _collection.TickAsync(default);
        Assert.Equal(2, _source.Reads);
        Assert.False(_source.Overlapped);
    }

    [Fact]
    public async Task A_source_that_throws_is_an_error_and_is_read_again()
    {
        _source.Answer = static _ => throw new InvalidOperationException("secret");
        await ReadsIn(2);

        Assert.Equal(2, _collection.Status.ConsecutiveErrors);
        Assert.Equal(4, _sink.Samples.Count);
        Assert.All(_sink.Samples, s => Assert.Equal(SampleKind.Error, s.Kind));
        Assert.DoesNotContain("secret", _collection.Status.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stopping_console_is_not_an_error_of_the_source()
    {
        using var stop = new CancellationTokenSource();
        _source.Answer = async cancellation =>
        {
            await stop.CancelAsync();
            cancellation.ThrowIfCancellationRequested();
            return null;
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _collection.TickAsync(stop.Token));
        Assert.Equal(0, _collection.Status.ConsecutiveErrors);
    }

    [Fact]
    public async Task Nothing_is_recorded_after_it_was_stopped_even_by_a_read_under_way()
    {
        var release = new TaskCompletionSource<string?>();
        _source.Answer = _ => release.Task;
        var read = _collection.TickAsync(default);

        _collection.Stop();
        release.SetResult(null);
        await read;
        await _collection.TickAsync(default);

        Assert.Empty(_sink.Samples);
        Assert.Equal(1, _source.Reads);
    }

    [Fact]
    public async Task What_the_board_does_with_samples_is_counted()
    {
        _sink.Outcome = static s => s.Address.Signal.Value == "request_rate" ? RecordOutcome.NoRelease : RecordOutcome.TooOld;
        await ReadsIn(1);

        Assert.Equal(1, _measured["opsconsole.signal.samples origin=source outcome=noRelease"]);
        Assert.Equal(1, _measured["opsconsole.signal.samples origin=source outcome=tooOld"]);
    }

    [Fact]
    public async Task Each_signal_has_what_was_found_of_it_and_since_when_it_is_read()
    {
        var begun = _time.GetUtcNow();
        Assert.All(_collection.Status.Signals, s => Assert.Null(s.Last));
        _source.Finds(new(new("request_rate"), SampleKind.Measured, 4, 12, begun, 3, 3, null), new(new("queue_depth"), SampleKind.Missing, null, 0, null, 0, null, "There is none."));
        await ReadsIn(1);

        var status = _collection.Status;
        Assert.Equal((begun, _time.GetUtcNow()), (status.BegunAt, status.LastTriedAt));
        Assert.Equal([("request_rate", (double?)4, true), ("queue_depth", null, false)], status.Signals.Select(s => (s.Signal.Value, s.Value, s.HasFound)));

        _source.Answer = static _ => Task.FromResult<string?>("It is down.");
        await ReadsIn(1);
        Assert.All(_collection.Status.Signals, s => Assert.Equal((SampleKind.Error, "It is down."), (s.Last!.Kind, s.Last.Sentence)));
        Assert.Equal(4, _collection.Status.Signals[0].Value);
    }

    [Fact]
    public async Task A_signal_of_which_nothing_was_ever_found_says_so_on_the_board()
    {
        var rig = new BoardRig();
        var release = rig.Rolling();
        var binding = ScriptedSource.Binding(ScriptedSource.Ratio("a", "b")) with { Version = release.Version };
        var source = new FakeSource(binding) { Says = (SampleKind.Missing, rig.Now, "It is misspelt.") };
        source.Finds(new SignalFinding(new(BoardRig.Errors), SampleKind.Missing, null, 0, null, 0, null, "It is misspelt."));
        var collection = new SourceCollection(binding, source, rig.Board, new SignalMetrics(_measured.Meters), rig.Time, NullLogger.Instance);

        await collection.TickAsync(default);

        var signal = Assert.Single(rig.Build(release).Signals);
        Assert.Equal(SignalQuality.Missing, signal.Quality);
        Assert.NotEqual(Verdict.Pass, signal.Verdict);
        Assert.Contains("It is misspelt; no series of it was found since reading began at 2026-03-01 12:00:00 UTC", signal.Reason, StringComparison.Ordinal);
    }

    /// <summary>Lets intervals pass, each with its tick, and counts the reads.</summary>
    private async Task<int> ReadsIn(int intervals)
    {
        var before = _source.Reads;
        for (var i = 0; i < intervals; i++)
        {
            _time.Advance(Binding.Interval);
            await _collection.TickAsync(default);
        }

        return _source.Reads - before;
    }
}
