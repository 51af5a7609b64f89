namespace OpsConsole.Core.Storage;

/// <summary>Tells when the database is there and its schema is the one this version needs. Once so, it stays so: whether the database answers now is <see cref="DatabaseHealth"/>.</summary>
public sealed class StorageReady
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsReady => _ready.Task.IsCompletedSuccessfully;

    /// <summary>Completes when the schema is migrated.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> came first.</exception>
    public Task WaitAsync(CancellationToken cancellationToken) => _ready.Task.WaitAsync(cancellationToken);

    /// <summary>Lets the stores through and wakes everyone who waits.</summary>
    public void Set() => _ready.TrySetResult();
}
