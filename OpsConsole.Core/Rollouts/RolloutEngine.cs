using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Board;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Rollouts;

/// <summary>Moves every live release that has a policy. Evaluated once a second: each release is looked at and decided on from the board and in memory alone; what follows is begun and not waited for.</summary>
/// <remarks>What belongs to one release stays with it: an exception, a database that does not answer or a gate that hangs keeps neither the other releases nor any trigger waiting. Nor does it keep the release's own halt or roll back waiting, which is asked for apart from everything else; only a release that has not been read yet has no triggers that could ask.</remarks>
public sealed class RolloutEngine(RolloutPorts ports)
{
    /// <summary>Time between two evaluations.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Whom the engine asks the gate as: what a release manager may do, and recorded as the console.</summary>
    public static readonly Operator Console = new(ActionRecord.Console, Role.ReleaseManager, true) { IsConsole = true };

    private readonly Dictionary<Guid, Entry> _entries = [];

    /// <summary>Evaluates every release once. The task completes when all that follows is done; the next evaluation need not wait for it. Not for two callers at once.</summary>
    public Task EvaluateAsync(CancellationToken cancellationToken)
    {
        var now = ports.Time.GetUtcNow();
        var shown = ports.Board.Current.Releases;
        var started = new List<Task>();
        foreach (var release in shown)
        {
            if (!_entries.TryGetValue(release.Id, out var entry))
            {
                if (!release.Phase.IsLive())
                {
                    continue;
                }

                _entries[release.Id] = entry = new Entry();
            }

            if (!entry.IsOver)
            {
                Begin(entry, release, now, started, cancellationToken);
            }
        }

        foreach (var gone in _entries.Keys.Except(shown.Select(r => r.Id)).ToList())
        {
            _entries.Remove(gone);
        }

        return Task.WhenAll(started);
    }

    private void Begin(Entry entry, ReleaseSnapshot release, DateTimeOffset now, List<Task> started, CancellationToken cancellationToken)
    {
        if (entry.Run is not { } run)
        {
            if (entry.Work.IsCompleted)
            {
                started.Add(entry.Work = GuardAsync(entry.Working, release, LoadAsync(entry, release, cancellationToken), cancellationToken));
            }

            return;
        }

        RolloutTurn turn;
        try
        {
            turn = run.Evaluate(release, now, cancellationToken);
            entry.Looking.IsOver();
        }
#pragma warning disable CA1031 // One release that breaks must not keep the others from being looked at.
        catch (Exception e)
#pragma warning restore CA1031
        {
            entry.Looking.Tell(e, error => RolloutLog.Broken(ports.Log, release.Id, error));
            return;
        }

        if (run.Stop(turn, cancellationToken) is { } stop)
        {
            started.Add(GuardAsync(entry.Stopping, release, stop, cancellationToken));
        }

        if (entry.Work.IsCompleted)
        {
            started.Add(entry.Work = GuardAsync(entry.Working, release, FollowAsync(entry, run, turn, cancellationToken), cancellationToken));
        }
    }

    private static async Task FollowAsync(Entry entry, RolloutRun run, RolloutTurn turn, CancellationToken cancellationToken) =>
        entry.IsOver = await run.FollowAsync(turn, cancellationToken).ConfigureAwait(false);

    /// <summary>Waits for a piece of work, and keeps what goes wrong in it with its release.</summary>
    private async Task GuardAsync(Trouble trouble, ReleaseSnapshot release, Task work, CancellationToken cancellationToken)
    {
        try
        {
            await work.ConfigureAwait(false);
            trouble.IsOver();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (RecordUnavailableException e)
        {
            trouble.Tell(e, error => RolloutLog.RecordAway(ports.Log, release.Id, error.Message));
        }
#pragma warning disable CA1031 // One release that breaks must not end the engine.
        catch (Exception e)
#pragma warning restore CA1031
        {
            trouble.Tell(e, error => RolloutLog.Broken(ports.Log, release.Id, error));
        }
    }

    /// <summary>Reads a release that is new on the board with what is remembered of it; it is looked at from the next evaluation on.</summary>
    private async Task LoadAsync(Entry entry, ReleaseSnapshot shown, CancellationToken cancellationToken)
    {
        if (await ports.Releases.FindAsync(shown.Id, cancellationToken).ConfigureAwait(false) is not { } release)
        {
            return;
        }

        if (release.Policy is not { } text)
        {
            entry.IsOver = true;
            return;
        }

        var policy = Read(release, text);
        var stored = await ports.Rollouts.FindAsync(release.Id, cancellationToken).ConfigureAwait(false);
        entry.Run = new RolloutRun(ports, release, policy, stored ?? new RolloutState { ReleaseId = release.Id }, stored is not null);
    }

    /// <summary>A policy that cannot be read any more pauses its release, and every board says so.</summary>
    private ReleasePolicy Read(Release release, PolicySnapshot text)
    {
        try
        {
            return ports.Policies.Read(text);
        }
        catch (FormatException e)
        {
            var now = ports.Time.GetUtcNow();
            ports.Board.Show(release.Id, new PolicyStanding
            {
                PolicyTitle = text.Title, Mode = DeliveryMode.Delivery, OnTrigger = TriggerReaction.Recommend, Step = RolloutStep.Paused, StepSince = now,
                Reason = $"The policy cannot be read, so nothing is judged by it and a person decides: {e.Message}", Migration = release.Migration, AsOf = now,
            });
            throw;
        }
    }

    /// <summary>What is known of one release on the board.</summary>
    private sealed class Entry
    {
        private volatile RolloutRun? _run;
        private volatile bool _isOver;

        public RolloutRun? Run
        {
            get => _run;
            set => _run = value;
        }

        /// <summary>It has no policy, or has ended.</summary>
        public bool IsOver
        {
            get => _isOver;
            set => _isOver = value;
        }

        /// <summary>What is read or saved of it and asked for, other than a stopping action: one piece at a time.</summary>
        public Task Work { get; set; } = Task.CompletedTask;

        public Trouble Looking { get; } = new();

        public Trouble Stopping { get; } = new();

        public Trouble Working { get; } = new();
    }

    /// <summary>What goes wrong again and again, told once and not every second.</summary>
    private sealed class Trouble
    {
        private volatile bool _told;

        public void IsOver() => _told = false;

        public void Tell(Exception exception, Action<Exception> tell)
        {
            if (!_told)
            {
                _told = true;
                tell(exception);
            }
        }
    }
}
