using Microsoft.AspNetCore.Components;
using OpsConsole.Core.Board;

namespace OpsConsole.Web.Live;

/// <summary>A component that follows the board: one loop, begun after the first interactive render.</summary>
public abstract class LiveComponent : ComponentBase, IAsyncDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private Task _loop = Task.CompletedTask;

    [Inject]
    protected ReleaseBoard Board { get; set; } = default!;

    protected override void OnInitialized() => OnBoard(Board.Current);

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _loop = FollowAsync();
        }
    }

    /// <summary>Takes a new board in; called on the component's own context, before it renders.</summary>
    protected abstract void OnBoard(BoardSnapshot board);

    public virtual async ValueTask DisposeAsync()
    {
        await _gone.CancelAsync();
        try
        {
            await _loop;
        }
        catch (OperationCanceledException)
        {
        }

        _gone.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task FollowAsync()
    {
        using var subscription = Board.Feed.Subscribe();
        while (!_gone.IsCancellationRequested)
        {
            await InvokeAsync(() =>
            {
                OnBoard(Board.Current);
                StateHasChanged();
            });
            await subscription.WaitAsync(_gone.Token);
        }
    }
}
