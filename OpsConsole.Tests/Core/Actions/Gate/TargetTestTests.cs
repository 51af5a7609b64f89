using OpsConsole.Core.Actions.Gate;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Actions.Gate;

/// <summary>Reading a target to see whether it can be read, and what is noted of whether targets answer.</summary>
public sealed class TargetTestTests
{
    private readonly FakeTime _time = new(Given.Now);
    private readonly FakeTarget _target;
    private readonly TargetRegistry _registry;

    public TargetTestTests()
    {
        _target = new FakeTarget("gateway", Given.Gateway, _time);
        _registry = new TargetRegistry(_time);
        _registry.Add(_target);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private TargetContact? Contact => Assert.Single(_registry.List()).LastContact;

    [Fact]
    public async Task It_is_read_and_never_changed()
    {
        _target.State = new TargetObservation(25, true, null, Given.Now);

        var report = await RunAsync();

        Assert.Equal((true, "2.15.0 of shop has 25 % there, halted.", 25), (report.Passed, report.Sentence, report.Seen!.ExposurePercent));
        Assert.Equal((1, 0), (_target.Reads, _target.Asked.Count));
    }

    [Fact]
    public async Task What_the_target_says_of_why_it_cannot_be_read_is_told()
    {
        _target.OnObserve = _ => throw new TargetUnreachableException("The gateway does not know the service shop.");

        var report = await RunAsync();

        Assert.Equal((false, "The gateway does not know the service shop."), (report.Passed, report.Sentence));
    }

    [Fact]
    public void What_a_target_says_in_its_own_words_ends_like_a_sentence() => Assert.Equal("The gateway refused: bad signature.", new TargetTestReport
    {
        Target = "gateway", Environment = "production", Service = "shop", Version = "2.15.0", At = Sample.Noon, Took = TimeSpan.Zero, Failure = "The gateway refused: bad signature",
    }.Sentence);

    [Fact]
    public async Task One_that_hangs_and_does_not_listen_is_left_behind()
    {
        _target.OnObserve = _ => FakeTarget.HangAsync();
        var running = RunAsync();
        await Eventually.TrueAsync(() => _target.Reads == 1);

        _time.Advance(TargetTest.Limit);

        Assert.Equal((false, "The target did not answer within 15 s.", TargetTest.Limit), ((await running).Passed, (await running).Sentence, (await running).Took));
    }

    [Fact]
    public async Task One_that_breaks_says_nothing_of_what_it_broke_with()
    {
        _target.OnObserve = _ => throw new InvalidOperationException("s3cret");

        Assert.Equal("The target could not be read because the console failed; its log says why.", (await RunAsync()).Sentence);
    }

    [Fact]
    public async Task A_test_that_is_not_wanted_any_more_ends()
    {
        using var gone = new CancellationTokenSource();
        _target.OnObserve = _ => FakeTarget.HangAsync();
        var running = new TargetTest(_time).RunAsync(_target, "shop", "production", "2.15.0", gone.Token);
        await Eventually.TrueAsync(() => _target.Reads == 1);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task It_is_noted_when_a_target_was_asked_and_when_it_answered_last()
    {
        Assert.Null(Contact);
        var adapter = _registry.Find("gateway", "production")!;
        await adapter.ObserveAsync("shop", "production", "2.15.0", Token);
        Assert.Equal(new TargetContact(Given.Now, null, Given.Now), Contact);

        _time.Advance(TimeSpan.FromMinutes(1));
        _target.OnApply = (_, _) => throw new TargetUnreachableException("It could not be reached.");
        await Assert.ThrowsAsync<TargetUnreachableException>(() => adapter.ApplyAsync(Change, Token));

        Assert.Equal(new TargetContact(Given.Now.AddMinutes(1), "It could not be reached.", Given.Now), Contact);
    }

    [Fact]
    public async Task A_target_that_says_no_has_answered()
    {
        _target.OnApply = (_, _) => throw new TargetRefusedException("No.");
        await Assert.ThrowsAsync<TargetRefusedException>(() => _registry.Find("gateway", "production")!.ApplyAsync(Change, Token));

        Assert.Equal(new TargetContact(Given.Now, null, Given.Now), Contact);
    }

    [Fact]
    public async Task A_target_that_does_not_know_what_it_was_asked_about_has_answered()
    {
        _target.OnObserve = _ => throw new TargetUnreachableException("The gateway does not know the service shoppe.") { Answered = true };

        var report = await new TargetTest(_time).RunAsync(_registry.Find("gateway", "production")!, "shoppe", "production", "2.15.0", Token);

        Assert.Equal((false, "The gateway does not know the service shoppe."), (report.Passed, report.Sentence));
        Assert.Equal(new TargetContact(Given.Now, null, Given.Now), Contact);
    }

    [Fact]
    public async Task What_a_draft_asks_of_a_target_in_use_is_not_how_the_target_does()
    {
        _target.OnObserve = _ => throw new TargetUnreachableException("It could not be reached.");

        await Assert.ThrowsAsync<TargetUnreachableException>(() => _registry.FindForDraft("gateway", "production")!.ObserveAsync("shoppe", "production", "2.15.0", Token));

        Assert.Null(Contact);
        Assert.Null(_registry.FindForDraft("other", "production"));
    }

    [Fact]
    public async Task A_fault_of_the_console_is_noted_without_its_words()
    {
        _target.OnApply = (_, _) => throw new InvalidOperationException("s3cret");
        await Assert.ThrowsAsync<InvalidOperationException>(() => _registry.Find("gateway", "production")!.ApplyAsync(Change, Token));

        Assert.Equal(new TargetContact(Given.Now, "The console failed while it asked.", null), Contact);
    }

    private static TargetChange Change => new(Guid.NewGuid(), "shop", "production", "2.15.0", "2.14.3", 5, false);

    private Task<TargetTestReport> RunAsync() => new TargetTest(_time).RunAsync(_target, "shop", "production", "2.15.0", Token);
}
