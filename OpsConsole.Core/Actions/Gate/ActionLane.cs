using System.Threading.Channels;

namespace OpsConsole.Core.Actions.Gate;

/// <summary>Actions of one lane, in a line for each target: a target that hangs holds up only what is for itself.</summary>
/// <remarks>Safe for use from several threads; one worker takes.</remarks>
public sealed class ActionLane
{
    /// <summary>Actions of one target that are carried out at the same time.</summary>
    public const int SideBySide = 8;

    /// <summary>Most actions that wait for one target.</summary>
    public const int Capacity = 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Line> _lines = new(StringComparer.Ordinal);
    private readonly HashSet<Guid> _waiting = [];
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Actions that nobody has taken up yet.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Puts an action at the end of its target's line; null: of what is about no target. One that waits already stays where it is.</summary>
    /// <returns>False when the line is full.</returns>
    public bool Add(Guid action, string? target)
    {
        lock (_lock)
        {
            if (_waiting.Contains(action))
            {
                return true;
            }

            if (!_lines.TryGetValue(target ?? "", out var line))
            {
                _lines[target ?? ""] = line = new Line();
            }

            if (line.Waiting.Count >= Capacity)
            {
                return false;
            }

            line.Waiting.Enqueue(action);
            _waiting.Add(action);
        }

        _changed.Writer.TryWrite(true);
        return true;
    }

    /// <summary>Takes the first action of a line that has a turn left, or null where none has.</summary>
    public Turn? TryTake()
    {
        lock (_lock)
        {
            foreach (var (target, line) in _lines)
            {
                if (line.Running < SideBySide && line.Waiting.TryDequeue(out var action))
                {
                    line.Running++;
                    _waiting.Remove(action);
                    return new Turn(action, () => End(target, line));
                }
            }

            return null;
        }
    }

    /// <summary>Takes the next action as soon as there is one whose target has a turn left.</summary>
    public async Task<Turn> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryTake() is { } turn)
            {
                return turn;
            }

            await _changed.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void End(string target, Line line)
    {
        lock (_lock)
        {
            line.Running--;
            if (line is { Running: 0, Waiting.Count: 0 })
            {
                _lines.Remove(target);
            }
        }

        _changed.Writer.TryWrite(true);
    }

    private sealed class Line
    {
        public Queue<Guid> Waiting { get; } = new();

        public int Running { get; set; }
    }

    /// <summary>An action that was taken up. Its target has the next one's turn when this is disposed of.</summary>
    public sealed class Turn : IDisposable
    {
        private Action? _end;

        internal Turn(Guid action, Action end) => (Action, _end) = (action, end);

        /// <summary>The action to carry out.</summary>
        public Guid Action { get; }

        public void Dispose() => Interlocked.Exchange(ref _end, null)?.Invoke();
    }
}
