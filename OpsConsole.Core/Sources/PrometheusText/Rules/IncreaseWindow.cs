namespace OpsConsole.Core.Sources.PrometheusText.Rules;

/// <summary>Increases of the readings inside a window. With a window of zero it holds the last one alone.</summary>
/// <typeparam name="T">What rose.</typeparam>
internal sealed class IncreaseWindow<T>(TimeSpan window)
{
    private readonly Queue<(TimeSpan At, TimeSpan Span, T Increase)> _steps = new();
    private TimeSpan? _last;

    /// <summary>Time that the increases cover.</summary>
    public TimeSpan Span => _steps.Aggregate(TimeSpan.Zero, static (sum, step) => sum + step.Span);

    public IEnumerable<T> Increases => _steps.Select(static s => s.Increase);

    /// <summary>Notes the time of a reading that there is no increase for.</summary>
    public void Begin(TimeSpan at) => _last = at;

    /// <summary>Takes in what rose since the reading before, and lets go of what is older than the window.</summary>
    public void Add(TimeSpan at, T increase)
    {
        while (_steps.TryPeek(out var oldest) && (window == TimeSpan.Zero || oldest.At <= at - window))
        {
            _steps.Dequeue();
        }

        _steps.Enqueue((at, at - (_last ?? at), increase));
        _last = at;
    }

    public void Clear() => _steps.Clear();
}
