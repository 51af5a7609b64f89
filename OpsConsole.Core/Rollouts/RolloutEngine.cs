using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Board;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Rollouts;

/// <summary>Moves every live release that has a policy. Evaluated once a second: first all triggers, from the board and in memory alone, then for each release what follows from them, side by side and without waiting for each other.</summary>
/// <remarks>What belongs to one release stays with it: an exception, a database that does not answer or a gate that hangs keeps neither the other releases nor any trigger waiting.</remarks>
public sealed class RolloutEngine(RolloutPorts ports)
{
    /// <summary>Time between two evaluations.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Whom the engine asks the gate as.</summary>
    public static readonly Operator Console = new(ActionRecord.Console, Role.ReleaseManager, true);

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
        RolloutLook? look = null;
        try
        {
            look = entry.Run?.Clocks.Look(release, ports.BurnRates, now);
        }
#pragma warning disable CA1031 // One release that breaks must not keep the others from being looked at.
        catch (Exception e)
#pragma warning restore CA1031
        {
            entry.Failed(e, error => RolloutLog.Broken(ports.Log, release.Id, error));
            return;
        }

        if (entry.Work.IsCompleted)
        {
            entry.Work = WorkAsync(entry, release, look, cancellationToken);
            started.Add(entry.Work);
        }
    }

    private async Task WorkAsync(Entry entry, ReleaseSnapshot release, RolloutLook? look, CancellationToken cancellationToken)
    {
        try
        {
            if (look is null)
            {
                await LoadAsync(entry, release, cancellationToken).ConfigureAwait(false);
            }
            else if (entry.Run is { } run)
            {
                await run.StepAsync(look, cancellationToken).ConfigureAwait(false);
                entry.IsOver = run.IsOver;
            }

            entry.Worked();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (RecordUnavailableException e)
        {
            entry.Failed(e, error => RolloutLog.RecordAway(ports.Log, release.Id, error.Message));
        }
#pragma warning disable CA1031 // One release that breaks must not end the engine.
        catch (Exception e)
#pragma warning restore CA1031
        {
            entry.Failed(e, error => RolloutLog.Broken(ports.Log, release.Id, error));
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
        private volatile bool _failing;

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

        public Task Work { get; set; } = Task.CompletedTask;

        public void Worked() => _failing = false;

        /// <summary>Told once, not every second.</summary>
        public void Failed(Exception exception, Action<Exception> tell)
        {
            if (!_failing)
            {
                _failing = true;
                tell(exception);
            }
        }
    }
}
