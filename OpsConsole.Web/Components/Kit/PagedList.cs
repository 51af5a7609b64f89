using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using OpsConsole.Core.Releases;

namespace OpsConsole.Web.Components.Kit;

/// <summary>A page over a long list that the store filters and cuts: reads when the address changes, keeps the old rows on the screen until the new ones are there.</summary>
public abstract class PagedList<T> : ComponentBase, IAsyncDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private CancellationTokenSource? _reading;

    [Inject]
    protected NavigationManager Navigation { get; set; } = default!;

    protected ListAddress Address { get; private set; } = default!;

    /// <summary>The rows, or null before the first have come.</summary>
    protected Page<T>? Rows { get; private set; }

    /// <summary>True while newer rows are on their way.</summary>
    protected bool Reading { get; private set; }

    /// <summary>What went wrong, or null.</summary>
    protected string? Failed { get; private set; }

    /// <summary>Path of the page, relative to the base.</summary>
    protected abstract string Path { get; }

    /// <summary>Reads the page of the list that <see cref="Address"/> names.</summary>
    protected abstract Task<Page<T>> ReadAsync(CancellationToken cancellationToken);

    protected override Task OnInitializedAsync()
    {
        Navigation.LocationChanged += Moved;
        return LoadAsync();
    }

    /// <summary>Reads again.</summary>
    protected async Task LoadAsync()
    {
        Address = ListAddress.From(Navigation.Uri);
        if (_reading is { } before)
        {
            await before.CancelAsync();
        }

        var reading = _reading = CancellationTokenSource.CreateLinkedTokenSource(_gone.Token);
        Reading = true;
        try
        {
            var rows = await ReadAsync(reading.Token);
            if (_reading == reading)
            {
                (Rows, Failed) = (rows, null);
            }
        }
        catch (OperationCanceledException) when (reading.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            Failed = e.Message;
        }
        finally
        {
            reading.Dispose();
            if (_reading == reading)
            {
                _reading = null;
                Reading = false;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Navigation.LocationChanged -= Moved;
        await _gone.CancelAsync();
        _gone.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Moved(object? sender, LocationChangedEventArgs e)
    {
        if (Navigation.ToBaseRelativePath(e.Location).Split('?', '#')[0] == Path)
        {
            _ = InvokeAsync(async () =>
            {
                await LoadAsync();
                StateHasChanged();
            });
        }
    }
}
