using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OpsConsole.Web.Playground.Servers;

namespace OpsConsole.Tests.Crashes;

/// <summary>A target outside the console. It knows no idempotency keys: whatever it is asked for it does, and it counts by key how often it was asked and how often that changed anything.</summary>
internal sealed class CountedTarget : IAsyncDisposable
{
    /// <summary>When the target does what came late, unless it is looked at before: within the time that a console waits for a call of its predecessor.</summary>
    private static readonly TimeSpan Latest = TimeSpan.FromSeconds(2.5);

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<Guid, int> _asked = new();
    private readonly ConcurrentDictionary<Guid, int> _effects = new();
    private LoopbackServer _server = null!;
    private State _state = new("1.0.0", null, 100, false, null);
    private State? _late;
    private KillPlace? _place;
    private Func<Task>? _kill;

    public Uri Address => _server.Address;

    public State Current
    {
        get
        {
            lock (_lock)
            {
                return _state;
            }
        }
    }

    /// <summary>How often each action was asked for.</summary>
    public IReadOnlyDictionary<Guid, int> Asked => _asked;

    /// <summary>How often each action changed something.</summary>
    public IReadOnlyDictionary<Guid, int> Effects => _effects;

    public static async Task<CountedTarget> StartAsync(CancellationToken cancellationToken)
    {
        var target = new CountedTarget();
        target._server = await LoopbackServer.StartAsync(
            app =>
            {
                app.UseRouting();
                app.MapGet("/splits/{service}", target.ReadAsync);
                app.MapPut("/splits/{service}", target.PutAsync);
            },
            cancellationToken);
        return target;
    }

    /// <summary>Has the console killed the next time it comes to a place.</summary>
    public void Arm(KillPlace place, Func<Task> kill)
    {
        lock (_lock)
        {
            (_place, _kill) = (place, kill);
        }
    }

    /// <summary>Kills nobody any more, unless it has begun to: true then.</summary>
    public bool Disarm()
    {
        lock (_lock)
        {
            var fired = _kill is not null && _place is null;
            (_place, _kill) = (null, null);
            return fired;
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ReadAsync(HttpContext context)
    {
        if (Shot(KillPlace.GetAsked) is { } kill)
        {
            await kill();
            context.Abort();
            return;
        }

        if (Shot(KillPlace.GetAnswered) is { } after)
        {
            context.Response.OnCompleted(after);
        }

        await context.Response.WriteAsJsonAsync(Current);
        await context.Response.CompleteAsync();
        ApplyLate();
    }

    private async Task PutAsync(HttpContext context)
    {
        var change = (await context.Request.ReadFromJsonAsync<Change>())!;
        var wanted = new State(change.Version, change.PreviousVersion, change.ExposurePercent, change.Halted, change.ActionId);
        _asked.AddOrUpdate(change.ActionId, 1, static (_, n) => n + 1);
        if (Shot(KillPlace.PutLost) is { } lost)
        {
            await lost();
            context.Abort();
            return;
        }

        if (Shot(KillPlace.PutLate) is { } late)
        {
            await late();
            lock (_lock)
            {
                _late = wanted;
            }

            context.Abort();
            _ = Task.Delay(Latest).ContinueWith(_ => ApplyLate(), TaskScheduler.Default);
            return;
        }

        Apply(wanted);
        if (Shot(KillPlace.PutApplied) is { } applied)
        {
            await applied();
            context.Abort();
            return;
        }

        if (Shot(KillPlace.PutAnswered) is { } answered)
        {
            context.Response.OnCompleted(answered);
        }

        await context.Response.WriteAsJsonAsync(Current);
    }

    private void ApplyLate()
    {
        State? late;
        lock (_lock)
        {
            (late, _late) = (_late, null);
        }

        if (late is not null)
        {
            Apply(late);
        }
    }

    private void Apply(State wanted)
    {
        lock (_lock)
        {
            if (_state with { LastActionId = null } != wanted with { LastActionId = null })
            {
                _effects.AddOrUpdate(wanted.LastActionId!.Value, 1, static (_, n) => n + 1);
            }

            _state = wanted;
        }
    }

    private Func<Task>? Shot(KillPlace place)
    {
        lock (_lock)
        {
            if (_place != place)
            {
                return null;
            }

            _place = null;
            return _kill;
        }
    }

    internal sealed record State(string Version, string? PreviousVersion, double ExposurePercent, bool Halted, Guid? LastActionId);

    private sealed record Change(Guid ActionId, string Version, string? PreviousVersion, double ExposurePercent, bool Halted);
}
