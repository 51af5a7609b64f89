using OpsConsole.Core.Signals;

namespace OpsConsole.Tests.Contracts;

/// <summary>What a source says next, in a test.</summary>
public enum Saying
{
    /// <summary>A sound value, with new observations at each read.</summary>
    Good,

    /// <summary>Nothing at all: no series, no row, an empty list.</summary>
    Nothing,

    /// <summary>A value that is not a number, or what the API writes in its place.</summary>
    NotANumber,

    /// <summary>An infinite value.</summary>
    Infinite,

    /// <summary>A sound value of two hours ago and nothing newer.</summary>
    Late,

    /// <summary>Several series, rows or groups where one value is expected; as many as the API gives.</summary>
    ManySeries,

    /// <summary>A counter that stands lower than before.</summary>
    Reset,

    /// <summary>That the credential is not let in.</summary>
    Refused,
}

/// <summary>What every kind of source has to do. Whatever it says, what is not a sound value of now is never measured as one.</summary>
public abstract class SourceContract : IAsyncLifetime
{
    private protected const string Version = "2.15.0";

    /// <summary>A credential that no sentence may hold.</summary>
    private protected const string Secret = "s3cret-credential-0123456789";

    private protected static readonly TimeSpan Age = TimeSpan.FromHours(2);

    /// <summary>Whether its measurements carry times of their own: the same one again is then heard and not counted.</summary>
    private protected abstract bool HasOwnTimes { get; }

    public abstract ValueTask InitializeAsync();

    public abstract ValueTask DisposeAsync();

    /// <summary>The source of a binding for <see cref="Version"/> with at least one rule; short of time-outs that a test has to wait for.</summary>
    private protected abstract ISignalSource Source();

    /// <summary>Has the source say something from now on. Returns why it can never say that; null where it can.</summary>
    private protected abstract string? Says(Saying saying);

    [Fact]
    public async Task A_sound_value_is_measured()
    {
        Assert.Null(Says(Saying.Good));

        var (source, samples) = await MeasuredAsync();

        Assert.All(samples, s => Assert.Equal(Version, s.Address.Version));
        Assert.All(samples, s => Assert.True(double.IsFinite(s.Value) && s.Count > 0 && s.Detail is null, $"{s}"));
        Assert.Equal(samples.Select(s => s.Address.Signal), source.Findings.Select(f => f.Signal));
        Assert.All(source.Findings, f => Assert.NotNull(f.Newest));
    }

    [Theory]
    [InlineData(Saying.Nothing)]
    [InlineData(Saying.NotANumber)]
    [InlineData(Saying.Infinite)]
    [InlineData(Saying.ManySeries)]
    [InlineData(Saying.Refused)]
    public async Task What_is_no_sound_value_is_not_measured_and_says_why(Saying saying)
    {
        Assert.Null(Says(Saying.Good));
        var (source, _) = await MeasuredAsync();
        Assert.SkipWhen(Says(saying) is not null, Says(saying) ?? "");

        var (samples, _) = await ReadAsync(source);

        Assert.All(samples, s => Assert.NotEqual(SampleKind.Measured, s.Kind));
        Assert.All(samples, s => Assert.True(s.Detail is { Length: > 10 }, $"{s.Kind} without a sentence"));
        Assert.All(samples, s => Assert.DoesNotContain(Secret, s.Detail, StringComparison.Ordinal));
        Assert.All(source.Findings, f => Assert.Null(f.Value));
    }

    [Fact]
    public async Task What_was_measured_long_ago_is_not_of_now()
    {
        Assert.SkipWhen(Says(Saying.Late) is not null, Says(Saying.Late) ?? "");
        var source = Source();

        var first = await ReadAsync(source);
        var second = await ReadAsync(source);

        var old = TimeProvider.System.GetUtcNow() - Age + TimeSpan.FromMinutes(1);
        Assert.All(first.Samples.Concat(second.Samples), s => Assert.True(s.Kind != SampleKind.Measured || s.At < old, $"{s}"));
    }

    [Fact]
    public async Task The_same_measurement_again_is_heard_and_not_counted_twice()
    {
        Assert.SkipUnless(HasOwnTimes, "What it says is always of the moment at which it is asked.");
        Assert.SkipWhen(Says(Saying.Late) is not null, Says(Saying.Late) ?? "");
        var source = Source();
        var (first, _) = await ReadAsync(source);
        Assert.SkipUnless(first.Exists(s => s.Kind == SampleKind.Measured), "A measurement that old is none here.");

        var (again, _) = await ReadAsync(source);

        Assert.DoesNotContain(first, s => s.Repeats);
        Assert.All(again.Where(s => s.Kind == SampleKind.Measured), s => Assert.True(s.Repeats, $"{s}"));
    }

    [Fact]
    public async Task A_counter_that_begins_anew_makes_no_negative_and_no_huge_value()
    {
        Assert.Null(Says(Saying.Good));
        var (source, before) = await MeasuredAsync();
        Assert.SkipWhen(Says(Saying.Reset) is not null, Says(Saying.Reset) ?? "");

        var (samples, _) = await ReadAsync(source);

        foreach (var (then, now) in before.Zip(samples))
        {
            Assert.True(now.Kind != SampleKind.Measured || (now.Value >= 0 && now.Value <= 10 * Math.Max(then.Value, 1)), $"{then} {now}");
        }
    }

    [Fact]
    public async Task A_read_that_is_not_wanted_any_more_ends()
    {
        Assert.Null(Says(Saying.Good));
        using var ended = new CancellationTokenSource();
        await ended.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Source().ReadAsync(_ => { }, ended.Token));
    }

    private protected static async Task<(List<SignalSample> Samples, string? Failure)> ReadAsync(ISignalSource source)
    {
        var samples = new List<SignalSample>();
        var failure = await source.ReadAsync(samples.Add, TestContext.Current.CancellationToken);
        var past = samples.FindAll(s => s.IsPast);
        samples.RemoveAll(s => s.IsPast);
        Assert.NotEmpty(samples);
        Assert.All(past, p => Assert.True(
            p is { Kind: SampleKind.Measured, Count: >= 0 } && double.IsFinite(p.Value) && samples.Exists(s => s.Address == p.Address && s.At > p.At), $"{p} is no sound value of a time before."));
        return (samples, failure);
    }

    /// <summary>Reads until all is measured: an increase needs more than one read.</summary>
    private protected async Task<(ISignalSource Source, List<SignalSample> Samples)> MeasuredAsync()
    {
        var source = Source();
        List<SignalSample> samples = [];
        for (var read = 0; read < 3; read++)
        {
            (samples, var failure) = await ReadAsync(source);
            Assert.Null(failure);
            if (samples.TrueForAll(s => s.Kind == SampleKind.Measured))
            {
                return (source, samples);
            }
        }

        Assert.Fail($"Never measured: {string.Join("; ", samples)}");
        return default;
    }
}
