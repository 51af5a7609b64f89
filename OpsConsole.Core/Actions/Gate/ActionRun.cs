namespace OpsConsole.Core.Actions.Gate;

/// <summary>One action that an executor has in hand.</summary>
/// <param name="stop">Stops this run alone.</param>
/// <param name="console">Ends with the console.</param>
internal sealed class ActionRun(CancellationTokenSource stop, CancellationToken console)
{
    public CancellationToken Token => stop.Token;

    public CancellationToken Console => console;

    /// <summary>Another run took this one's place, and the console goes on.</summary>
    public bool IsOvertaken => stop.IsCancellationRequested && !console.IsCancellationRequested;

    public string? Subject { get; set; }

    public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Cancel()
    {
        try
        {
            stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
        }
    }
}
