namespace OpsConsole.Core.Actions.Gate;

/// <summary>How a target was last asked.</summary>
/// <param name="At">When.</param>
/// <param name="Trouble">Why it did not answer, one sentence; null where it did.</param>
/// <param name="AnsweredAt">When it answered last; null where it never did.</param>
public sealed record TargetContact(DateTimeOffset At, string? Trouble, DateTimeOffset? AnsweredAt);

/// <summary>A target that is connected.</summary>
/// <param name="Adapter">By what it is reached.</param>
/// <param name="LastContact">How it was last asked; null where it was not asked since the console started.</param>
public sealed record ConnectedTarget(IDeliveryTargetAdapter Adapter, TargetContact? LastContact);

/// <summary>Notes of an adapter whether its target answers. It changes nothing of what the adapter does.</summary>
internal sealed class WatchedTarget(IDeliveryTargetAdapter adapter, TimeProvider time) : IDeliveryTargetAdapter
{
    private const string Left = "It had not answered when the console stopped waiting.";
    private const string Broke = "The console failed while it asked.";

    private TargetContact? _last;

    public TargetContact? LastContact => Volatile.Read(ref _last);

    /// <summary>The adapter itself, of which nothing is noted.</summary>
    public IDeliveryTargetAdapter Unwatched => adapter;

    public string Target => adapter.Target;

    public string? Kind => adapter.Kind;

    public string? Environment => adapter.Environment;

    public TargetCapabilities Capabilities => adapter.Capabilities;

    /// <inheritdoc/>
    public T? As<T>()
        where T : class => adapter.As<T>();

    /// <inheritdoc/>
    public async Task ApplyAsync(TargetChange change, CancellationToken cancellationToken)
    {
        try
        {
            await adapter.ApplyAsync(change, cancellationToken).ConfigureAwait(false);
            Note(null);
        }
        catch (Exception e)
        {
            Note(Trouble(e));
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<TargetObservation> ObserveAsync(string service, string environment, string version, CancellationToken cancellationToken)
    {
        try
        {
            var seen = await adapter.ObserveAsync(service, environment, version, cancellationToken).ConfigureAwait(false);
            Note(null);
            return seen;
        }
        catch (Exception e)
        {
            Note(Trouble(e));
            throw;
        }
    }

    /// <summary>A target that says no has answered.</summary>
    private static string? Trouble(Exception exception) => exception switch
    {
        TargetRefusedException or TargetUnreachableException { Answered: true } => null,
        TargetUnreachableException => exception.Message,
        OperationCanceledException => Left,
        _ => Broke,
    };

    private void Note(string? trouble)
    {
        var now = time.GetUtcNow();
        Volatile.Write(ref _last, new(now, trouble, trouble is null ? now : _last?.AnsweredAt));
    }
}
