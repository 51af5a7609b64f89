using System.Collections.Concurrent;
using OpsConsole.Core.Signals;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Signals;

/// <summary>Testing a source that is not in use.</summary>
public sealed class SourceTestTests : IDisposable
{
    private static readonly SourceBinding Binding = new()
    {
        Key = "shop", Kind = "told", Service = "shop", Target = "gateway", Environment = "production", Version = "2.15.0", Address = new Uri("http://shop.test/"), Interval = TimeSpan.FromSeconds(30),
        Rules =
        [
            new() { Signal = new("http_5xx_rate"), Kind = SignalRuleKind.Ratio, Numerator = "a", Denominator = "b" },
            new() { Signal = new("queue_depth"), Kind = SignalRuleKind.Gauge, Numerator = "c" },
        ],
    };

    private readonly FakeTime _time = new();
    private readonly Told _told = new();
    private readonly ConcurrentQueue<string> _steps = new();
    private readonly SourceTest _test;

    public SourceTestTests() => _test = new SourceTest(new SourceCatalog([new SourceKind("told", _ => [], b => _told.For(b))]), _time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _told.Dispose();

    [Fact]
    public async Task One_read_is_enough_where_everything_has_a_value()
    {
        _told.Finds(SignalFound("http_5xx_rate", 0.4), SignalFound("queue_depth", 7));

        var report = await RunAsync(Binding);

        Assert.True(report.Passed);
        Assert.Equal(("shop", "2.15.0", 1, "All 2 signals have a value."), (report.Key, report.Version, report.Reads, report.Sentence));
        Assert.Equal(["Reading it."], _steps);
        Assert.True(_told.IsDisposed);
    }

    [Fact]
    public async Task What_rises_is_read_twice_and_said_so()
    {
        _told.Finds(Nothing("http_5xx_rate", series: 2), SignalFound("queue_depth", 7));
        var running = RunAsync(Binding);
        await Eventually.TrueAsync(() => _steps.Count == 2);
        Assert.False(running.IsCompleted);

        _told.Finds(SignalFound("http_5xx_rate", 0.4), SignalFound("queue_depth", 8));
        _time.Advance(SourceTest.LongestPause);
        var report = await running;

        Assert.Equal((2, true, SourceTest.LongestPause), (report.Reads, report.Passed, report.Took));
        Assert.Equal(["Reading it.", "Read once. What rises is seen between two reads: reading it again in 5 s.", "Reading it again."], _steps);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_sent_and_was_not_sent_meanwhile_is_not_known_yet(bool isSentTo)
    {
        var test = new SourceTest(new SourceCatalog([new SourceKind("told", _ => [], b => _told.For(b)) { IsSentTo = isSentTo }]), _time);
        _told.Finds(Nothing("http_5xx_rate", series: 2), SignalFound("queue_depth", 7));
        var running = test.RunAsync(Binding, progress: new Said(_steps.Enqueue), cancellationToken: Token);
        await Eventually.TrueAsync(() => _steps.Count == 2);

        _time.Advance(SourceTest.LongestPause);
        var report = await running;

        Assert.False(report.Passed);
        Assert.Equal(
            isSentTo ? "1 of 2 signals have a value. Not yet: http_5xx_rate is seen from one export to the next, and none came in meanwhile; once it is in use it has a value with the next one." : "1 of 2 signals have a value.",
            report.Sentence);
    }

    [Fact]
    public async Task What_is_not_there_at_all_is_not_waited_for()
    {
        _told.Finds(Nothing("http_5xx_rate", series: 0), Nothing("queue_depth", series: 0));

        var report = await RunAsync(Binding);

        Assert.Equal((1, false, "It was read, and none of 2 signals has a value."), (report.Reads, report.Passed, report.Sentence));
    }

    [Fact]
    public async Task Some_without_a_value_did_not_pass()
    {
        _told.Finds(SignalFound("http_5xx_rate", 0.4), Nothing("queue_depth", series: 0));

        var report = await RunAsync(Binding);

        Assert.Equal((false, "1 of 2 signals have a value."), (report.Passed, report.Sentence));
    }

    [Fact]
    public async Task A_value_that_is_too_old_to_judge_by_did_not_pass_and_its_age_is_told()
    {
        // Between two reads of 30 s it comes to be 63 s old.
        _told.Finds(SignalFound("http_5xx_rate", 0.4), SignalFound("queue_depth", 7, age: TimeSpan.FromSeconds(62)));
        Assert.True((await RunAsync(Binding)).Passed);

        _told.Finds(SignalFound("http_5xx_rate", 0.4), SignalFound("queue_depth", 7, age: TimeSpan.FromMinutes(90)));
        var report = await RunAsync(Binding);

        Assert.Equal((false, "All 2 signals have a value, but too old to judge by is that of queue_depth (1 h 30 m old)."), (report.Passed, report.Sentence));
        Assert.True((await _test.RunAsync(Binding, staleAfter: _ => TimeSpan.FromHours(2), cancellationToken: Token)).Passed);
    }

    [Fact]
    public async Task A_value_that_is_as_old_as_it_is_by_nature_is_not_too_old()
    {
        var test = new SourceTest(new SourceCatalog([new SourceKind("told", _ => [], b => _told.For(b)) { UsualDelay = static (_, rule) => rule.Numerator == "c" ? TimeSpan.FromDays(1) : TimeSpan.Zero }]), _time);

        _told.Finds(SignalFound("http_5xx_rate", 0.4), SignalFound("queue_depth", 7, age: TimeSpan.FromDays(1)));
        Assert.True((await test.RunAsync(Binding, cancellationToken: Token)).Passed);

        // A day, and 63 s between two reads.
        _told.Finds(SignalFound("http_5xx_rate", 0.4), SignalFound("queue_depth", 7, age: TimeSpan.FromDays(1) + TimeSpan.FromSeconds(63)));
        Assert.False((await test.RunAsync(Binding, cancellationToken: Token)).Passed);

        _told.Finds(SignalFound("http_5xx_rate", 0.4, age: TimeSpan.FromHours(1)), SignalFound("queue_depth", 7));
        Assert.False((await test.RunAsync(Binding, cancellationToken: Token)).Passed);
    }

    [Fact]
    public async Task One_that_follows_releases_is_read_for_the_version_that_is_named_and_for_none_without()
    {
        var follows = Binding with { Version = SourceBinding.EveryVersion, Address = new Uri("http://shop.test/$version/metrics") };
        _told.Finds(SignalFound("http_5xx_rate", 0.4), SignalFound("queue_depth", 7));

        var without = await RunAsync(follows);
        var with = await RunAsync(follows, "3.0.0");

        Assert.Equal((false, "It cannot be read: it is read for every version, so name one."), (without.Passed, without.Sentence));
        Assert.Equal((true, "3.0.0"), (with.Passed, with.Version));
        Assert.Equal("http://shop.test/3.0.0/metrics", Assert.Single(_told.Made).Address!.AbsoluteUri);
    }

    [Fact]
    public async Task A_version_that_is_not_the_bindings_own_is_a_fault() =>
        Assert.Equal("It cannot be read: it is of version 2.15.0 alone.", (await RunAsync(Binding, "3.0.0")).Sentence);

    [Fact]
    public async Task A_faulty_binding_is_not_read_and_every_fault_is_named()
    {
        var report = await RunAsync(Binding with { Key = "Not A Key", Timeout = TimeSpan.Zero });

        Assert.Equal(2, report.Faults.Count);
        Assert.StartsWith("It cannot be read: the key has to be", report.Sentence, StringComparison.Ordinal);
        Assert.Empty(_told.Made);
    }

    [Fact]
    public async Task A_failure_is_told_in_the_sources_words_and_not_tried_again()
    {
        _told.Answer = _ => Task.FromResult<string?>("The source answered 503.");
        _told.Finds(Nothing("http_5xx_rate", series: 1), Nothing("queue_depth", series: 0));

        var report = await RunAsync(Binding);

        Assert.Equal((1, "The source answered 503.", "The source answered 503.", false), (report.Reads, report.Failure, report.Sentence, report.Passed));
    }

    [Fact]
    public async Task A_source_that_hangs_and_does_not_listen_is_left_behind()
    {
        _told.Answer = _ => new TaskCompletionSource<string?>().Task;
        var running = RunAsync(Binding);
        await Eventually.TrueAsync(() => _told.Reads == 1);

        _time.Advance(Binding.Timeout + SourceTest.Grace);

        Assert.Equal("The source did not end its reading within 5 s.", (await running).Failure);
    }

    [Fact]
    public async Task A_source_that_breaks_says_nothing_of_what_it_broke_with()
    {
        _told.Answer = _ => throw new InvalidOperationException("s3cret");

        var report = await RunAsync(Binding);

        Assert.Equal("The source could not be read because the console failed; its log says why.", report.Failure);
    }

    [Fact]
    public async Task A_test_that_is_not_wanted_any_more_ends()
    {
        using var gone = new CancellationTokenSource();
        _told.Answer = _ => new TaskCompletionSource<string?>().Task;
        var running = _test.RunAsync(Binding, cancellationToken: gone.Token);
        await Eventually.TrueAsync(() => _told.Reads == 1);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.True(_told.IsDisposed);
    }

    private Task<SourceTestReport> RunAsync(SourceBinding binding, string? version = null) => _test.RunAsync(binding, version, progress: new Said(_steps.Enqueue), cancellationToken: Token);

    private SignalFinding SignalFound(string signal, double value, TimeSpan age = default) => new(new(signal), SampleKind.Measured, value, 10, _time.GetUtcNow() - age, 1, 1, null);

    private static SignalFinding Nothing(string signal, int series) => new(new(signal), SampleKind.Missing, null, 0, null, series, null, "There is none.");

    private sealed class Said(Action<string> say) : IProgress<string>
    {
        public void Report(string value) => say(value);
    }

    /// <summary>A source that finds what it is told.</summary>
    private sealed class Told : ISignalSource, IDisposable
    {
        private int _reads;

        public Func<CancellationToken, Task<string?>> Answer { get; set; } = static _ => Task.FromResult<string?>(null);

        public List<SourceBinding> Made { get; } = [];

        public int Reads => Volatile.Read(ref _reads);

        public bool IsDisposed { get; private set; }

        public IReadOnlyList<SignalFinding> Findings { get; private set; } = [];

        public Told For(SourceBinding binding)
        {
            Made.Add(binding);
            return this;
        }

        public void Finds(params SignalFinding[] findings) => Findings = findings;

        public Task<string?> ReadAsync(Action<SignalSample> record, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _reads);
            return Answer(cancellationToken);
        }

        public void Dispose() => IsDisposed = true;
    }
}
