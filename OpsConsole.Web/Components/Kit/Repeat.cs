using Microsoft.AspNetCore.Components;

namespace OpsConsole.Web.Components.Kit;

/// <summary>Has an open page look again from time to time at what others change. Shows nothing.</summary>
public sealed class Repeat : ComponentBase, IDisposable
{
    /// <summary>Time between two looks where none is set.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _gone = new();

    /// <summary>Called at every look; the page is shown anew after it.</summary>
    [Parameter, EditorRequired]
    public EventCallback OnTurn { get; set; }

    /// <summary>Time between two looks.</summary>
    [Parameter]
    public TimeSpan Pause { get; set; } = Every;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _ = FollowAsync(_gone.Token);
        }
    }

    private async Task FollowAsync(CancellationToken gone)
    {
        using var timer = new PeriodicTimer(Pause, Time);
        try
        {
            while (await timer.WaitForNextTickAsync(gone))
            {
                await InvokeAsync(() => OnTurn.InvokeAsync());
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The page is gone.
        }
    }
}
