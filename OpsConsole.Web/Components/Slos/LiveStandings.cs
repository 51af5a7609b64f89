using Microsoft.AspNetCore.Components;
using OpsConsole.Core.Slos;

namespace OpsConsole.Web.Components.Slos;

/// <summary>A page that follows the standings of the objectives: it is told when there are new ones, and never queues.</summary>
public abstract class LiveStandings : ComponentBase, IAsyncDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private Task _following = Task.CompletedTask;

    [Inject]
    protected SloBook Book { get; set; } = default!;

    /// <summary>Ends when the page does.</summary>
    protected CancellationToken Gone => _gone.Token;

    /// <summary>Called on the component's own context with every new set of standings, before the first render, and when the parameters change.</summary>
    protected abstract Task OnStandingsAsync();

    protected override Task OnParametersSetAsync() => OnStandingsAsync();

    protected override void OnAfterRender(bool firstRender)
    {
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
        try
        {
            using var mail = Book.Feed.Subscribe();
            while (true)
            {
                await mail.WaitAsync(Gone);
                await InvokeAsync(async () =>
                {
                    await OnStandingsAsync();
                    StateHasChanged();
                });
            }
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
        {
            // The page is gone.
        }
        catch (Exception exception)
        {
            // A page that stopped following must not go on looking live: the error reaches the nearest boundary.
            await DispatchExceptionAsync(exception);
        }
    }
}
