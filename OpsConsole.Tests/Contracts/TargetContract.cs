using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Connections;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Remote.Outbound;
using OpsConsole.Core.Targets;

namespace OpsConsole.Tests.Contracts;

/// <summary>What every delivery target has to do, whatever its API is. A subclass gives a local server that behaves as the API does, and how it is set up.</summary>
public abstract partial class TargetContract : IAsyncLifetime
{
    private protected const string Service = "shop";
    private protected const string Production = "production";
    private protected const string New = "2.15.0";
    private protected const string Before = "2.14.3";

    private const int MostLooks = 50;

    private ApiServer _server = null!;
    private IDeliveryTargetAdapter _adapter = null!;

    /// <summary>A credential that no sentence may hold.</summary>
    private protected const string Secret = "s3cret-credential-0123456789";

    private protected abstract DeliveryTargetKind Kind { get; }

    /// <summary>A share that a new version can be given first, 0 to 100.</summary>
    private protected virtual double FirstShare => 25;

    /// <summary>The next share after that.</summary>
    private protected virtual double NextShare => 50;

    /// <summary>Whether the target itself knows which versions there are: where it takes any name, a version that is not there shows only by reaching nobody.</summary>
    private protected virtual bool KnowsVersions => true;

    /// <summary>Whether it is told in how many seconds a target that is busy wants to be asked again: a program has no words for that.</summary>
    private protected virtual bool TellsWhenToAskAgain => true;

    /// <summary>Has what is asked for next be taken, and reach nobody for now. False where the target cannot be brought to that, or tells only what is there.</summary>
    private protected virtual bool HoldBack() => false;

    /// <summary>Makes the server, with the new version and the one before it there and all of the traffic on the one before.</summary>
    private protected abstract ApiServer Serve();

    /// <summary>What the adapter is told, the credential included.</summary>
    private protected abstract IReadOnlyDictionary<string, string> Settings(Uri address);

    /// <summary>What services are called there.</summary>
    private protected virtual IReadOnlyDictionary<string, string> Services => new Dictionary<string, string>();

    /// <summary>The same with a credential that the server does not know.</summary>
    private protected abstract IReadOnlyDictionary<string, string> WrongSettings(Uri address);

    public async ValueTask InitializeAsync()
    {
        _server = Serve();
        await _server.StartAsync(TestContext.Current.CancellationToken);
        _adapter = Connect(Settings(_server.Address), TimeProvider.System);
    }

    public virtual async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_is_asked_for_is_read_back()
    {
        await ApplyAsync(Change(FirstShare));

        var seen = await SeenAsync();
        Assert.Equal(FirstShare, seen.ExposurePercent, 0.05);
        Assert.False(seen.Halted);
    }

    [Fact]
    public async Task A_share_grows()
    {
        await ApplyAsync(Change(FirstShare));
        await ApplyAsync(Change(NextShare));

        Assert.Equal(NextShare, (await SeenAsync()).ExposurePercent, 0.05);
    }

    [Fact]
    public async Task Everyone_gets_it_at_last()
    {
        await ApplyAsync(Change(FirstShare));
        await ApplyAsync(Change(100));

        Assert.Equal(100, (await SeenAsync()).ExposurePercent, 0.05);
    }

    [Fact]
    public async Task The_same_change_twice_is_one_effect()
    {
        var change = Change(FirstShare);
        await ApplyAsync(change);
        var changes = _server.Changes;

        await ApplyAsync(change);

        Assert.True(changes > 0);
        Assert.Equal(changes, _server.Changes);
    }

    [Fact]
    public async Task A_halt_holds_the_share_and_a_resume_lets_it_grow()
    {
        Assert.SkipUnless(Can(ActionVerb.Halt), "This target cannot halt.");
        await ApplyAsync(Change(FirstShare));
        await ApplyAsync(Change(FirstShare, halted: true));
        var halted = await SeenAsync();
        Assert.True(halted.Halted);
        Assert.Equal(FirstShare, halted.ExposurePercent, 0.05);
        Assert.SkipUnless(Can(ActionVerb.Resume), "This target cannot resume.");

        await ApplyAsync(Change(FirstShare));

        var resumed = await SeenAsync();
        Assert.False(resumed.Halted);
        Assert.Equal(FirstShare, resumed.ExposurePercent, 0.05);
    }

    [Fact]
    public async Task A_roll_back_takes_it_from_everyone()
    {
        Assert.SkipUnless(Can(ActionVerb.Rollback), "This target cannot roll back.");
        await ApplyAsync(Change(FirstShare));

        await ApplyAsync(Change(0));

        var seen = await SeenAsync();
        Assert.Equal((0d, false), (seen.ExposurePercent, seen.IsComing));
    }

    [Fact]
    public async Task A_roll_back_from_everyone_is_one_too()
    {
        Assert.SkipUnless(Can(ActionVerb.Rollback), "This target cannot roll back.");
        await ApplyAsync(Change(FirstShare));
        await ApplyAsync(Change(100));

        await ApplyAsync(Change(0));

        var seen = await SeenAsync();
        Assert.Equal((0d, false), (seen.ExposurePercent, seen.IsComing));
    }

    [Fact]
    public async Task What_nobody_has_yet_is_coming_until_it_is_taken_back()
    {
        Assert.SkipUnless(HoldBack(), "This target has nothing that is taken and reaches nobody for now, or does not tell of it.");
        await ApplyAsync(Change(FirstShare));
        var seen = await SeenAsync();
        Assert.Equal((0d, true), (seen.ExposurePercent, seen.IsComing));

        await ApplyAsync(Change(0));

        seen = await SeenAsync();
        Assert.Equal((0d, false), (seen.ExposurePercent, seen.IsComing));
    }

    [Fact]
    public void A_verb_that_it_cannot_do_has_something_to_do_instead() => Assert.All(
        new[] { ActionVerb.Promote, ActionVerb.Halt, ActionVerb.Resume, ActionVerb.Rollback }.Where(v => !Can(v)),
        verb => Assert.NotEmpty(_adapter.Capabilities.Instead[verb]));

    [Fact]
    public async Task A_service_that_it_does_not_know_is_refused_and_cannot_be_read()
    {
        Told(await Assert.ThrowsAnyAsync<Exception>(() => _adapter.ApplyAsync(Change(FirstShare) with { Service = "nothing" }, TestContext.Current.CancellationToken)));
        Told(await Assert.ThrowsAsync<TargetUnreachableException>(() => _adapter.ObserveAsync("nothing", Production, New, TestContext.Current.CancellationToken)));
        Assert.Equal(0, _server.Changes);
    }

    [Fact]
    public async Task A_version_that_it_does_not_have_is_refused()
    {
        Assert.SkipUnless(KnowsVersions, "This target takes any version; one that is not there reaches nobody.");
        Told(await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(FirstShare) with { Version = "9.9.9" })));
        Assert.Equal(0, _server.Changes);
    }

    [Fact]
    public async Task Another_environment_is_refused_without_asking()
    {
        await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(FirstShare) with { Environment = "staging" }));
        await Assert.ThrowsAsync<TargetUnreachableException>(() => _adapter.ObserveAsync(Service, "staging", New, TestContext.Current.CancellationToken));
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task A_target_that_is_not_there_is_unreachable()
    {
        await _server.DisposeAsync();

        Told(await Assert.ThrowsAsync<TargetUnreachableException>(() => ApplyAsync(Change(FirstShare))));
    }

    [Fact]
    public void What_it_needs_to_be_told_is_asked_for()
    {
        var faults = new TargetSettings(Kind, "target", Production, new Dictionary<string, string>()).Faults();

        Assert.All(Kind.Settings.Where(s => s.IsRequired && s.Default is null), s => Assert.Contains(faults, f => f.StartsWith($"{s.Name} is missing", StringComparison.Ordinal)));
        Assert.All(Kind.Settings, s => Assert.EndsWith(".", s.Sentence, StringComparison.Ordinal));
    }

    private protected static TargetChange Change(double percent, bool halted = false) => new(Guid.NewGuid(), Service, Production, New, Before, percent, halted);

    private protected Task ApplyAsync(TargetChange change) => _adapter.ApplyAsync(change, TestContext.Current.CancellationToken);

    private protected Task<TargetObservation> SeenAsync() => _adapter.ObserveAsync(Service, Production, New, TestContext.Current.CancellationToken);

    /// <summary>Looks until nothing is under way any more; a target that never ends is a failure and no standstill.</summary>
    private protected async Task<TargetObservation> SeenAtTheEndAsync()
    {
        for (var look = 0; look < MostLooks; look++)
        {
            if (await SeenAsync() is { Underway: null } seen)
            {
                return seen;
            }
        }

        throw new TimeoutException($"It was under way at {MostLooks} looks.");
    }

    private protected IDeliveryTargetAdapter Connect(IReadOnlyDictionary<string, string> values, TimeProvider time)
    {
        // By the real clock it ends a test that hangs, and says nothing of how fast a busy machine should be.
        var timeout = time == TimeProvider.System ? TimeSpan.FromMinutes(1) : ConnectionSettings.DefaultTimeout;
        var settings = new TargetSettings(Kind, "target", Production, values) { Services = Services, Timeout = timeout };
        Assert.Empty(settings.Faults());
        Assert.DoesNotContain(Secret, settings.ToString(), StringComparison.Ordinal);
        var rules = OutboundRules.Read(["loopback"], out _);
        return new EnvironmentTarget(Kind.Create(settings, new RemoteConnections(new GuardedConnections(() => rules).Handler, time)), Production);
    }

    private bool Can(ActionVerb verb) => _adapter.Capabilities.Verbs.Contains(verb);

    /// <summary>Every sentence that people may see holds no secret and is not empty.</summary>
    private static void Told(Exception told)
    {
        Assert.True(told is TargetRefusedException or TargetUnreachableException, told.ToString());
        Assert.NotEmpty(told.Message);
        for (var e = told; e is not null; e = e.InnerException)
        {
            Assert.DoesNotContain(Secret, e.Message, StringComparison.Ordinal);
        }
    }
}
