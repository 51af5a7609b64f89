using Microsoft.AspNetCore.Components;
using OpsConsole.Core.Board;

namespace OpsConsole.Web.Live;

/// <summary>
/// A component that follows the board: one loop for each, begun after its first interactive render. It never queues: while it renders, pauses or waits for its
/// browser, any number of new boards become one.
/// </summary>
public abstract class LiveComponent : ComponentBase, IAsyncDisposable
{
    /// <summary>Shortest time between two renders. A board of many releases changes forty times a second, and nobody reads that fast: this bounds what an open page costs.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _gone = new();
    private Task _following = Task.CompletedTask;
    private TaskCompletionSource? _rendering;
    private long _seen = -1;
    private DateTimeOffset? _since;

    [Inject]
    protected ReleaseBoard Board { get; set; } = default!;

    /// <summary>Takes a new board in. Called on the component's own context before it renders, first with what is there already.</summary>
    /// <returns>True when what the component shows may differ, and so must be rendered.</returns>
    protected abstract bool OnBoard(BoardSnapshot board);

    protected override void OnInitialized() => Take(Board.Current);

    protected override void OnAfterRender(bool firstRender)
    {
        // Called when the browser has acknowledged what was sent.
        _rendering?.TrySetResult();
        if (firstRender)
        {
            _following = FollowAsync();
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _gone.CancelAsync();
        await _following;
        _gone.Dispose();
    }

    private async Task FollowAsync()
    {
        var gone = _gone.Token;
        try
        {
            // Subscribed before the first look, so that nothing falls between.
            using var mail = Board.Feed.Subscribe();
            while (!gone.IsCancellationRequested)
            {
                var pause = Task.Delay(Pause, gone);
                await InvokeAsync(Render);

                // A browser that does not keep up, or is away, is sent the newest state once it has taken the last: never a queue of old ones.
                if (_rendering is { } rendering)
                {
                    await rendering.Task.WaitAsync(gone);
                    Board.Reached(_since, BoardMetrics.Page);
                }

                await pause;
                await mail.WaitAsync(gone);
            }
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // The component is gone: the loop's ordinary end.
        }
        catch (Exception exception)
        {
            // A page that stopped following must not go on looking live: the error reaches the nearest boundary.
            await DispatchExceptionAsync(exception);
        }
    }

    private void Render()
    {
        _rendering = null;
        if (!_gone.IsCancellationRequested && Take(Board.Current) && ShouldRender())
        {
            _rendering = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            StateHasChanged();
        }
    }

    private bool Take(BoardSnapshot board)
    {
        if (board.Version == _seen)
        {
            return false;
        }

        (_seen, _since) = (board.Version, board.Since);
        return OnBoard(board);
    }
}
