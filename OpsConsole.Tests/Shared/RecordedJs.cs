using System.Collections.Concurrent;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace OpsConsole.Tests.Shared;

/// <summary>Takes every call into the browser down and answers with nothing.</summary>
public sealed class RecordedJs : IJSRuntime
{
    private readonly ConcurrentQueue<(string Name, object?[] Arguments)> _calls = new();

    /// <summary>Calls so far; one on a module is named by its file: <c>./js/dialog.js.open</c>.</summary>
    public IReadOnlyList<(string Name, object?[] Arguments)> Calls => [.. _calls];

    /// <summary>What the browser answers to a call; nothing, where it is not here.</summary>
    public ConcurrentDictionary<string, object> Answers { get; } = new();

    /// <summary>How often something was called.</summary>
    public int Count(string name) => _calls.Count(c => c.Name == name);

    public ValueTask<TValue> InvokeAsync<TValue>(string identifier, object?[]? args) => InvokeAsync<TValue>(identifier, CancellationToken.None, args);

    public ValueTask<TValue> InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args)
    {
        _calls.Enqueue((identifier, args ?? []));
        var name = identifier == "import" ? args?[0] as string : identifier;
        return typeof(TValue) == typeof(IJSObjectReference) ? new((TValue)(object)new Reference(this, name ?? "")) : new(Answers.TryGetValue(name ?? "", out var answer) ? (TValue)answer : default!);
    }

    private sealed class Reference(RecordedJs js, string name) : IJSObjectReference
    {
        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, object?[]? args) => js.InvokeAsync<TValue>($"{name}.{identifier}", args);

        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args) => js.InvokeAsync<TValue>($"{name}.{identifier}", cancellationToken, args);

        public ValueTask DisposeAsync() => default;
    }
}

/// <summary>Goes where it is told and remembers it.</summary>
public sealed class RecordedNavigation : NavigationManager
{
    public RecordedNavigation() => Initialize("http://console.test/", "http://console.test/");

    protected override void NavigateToCore(string uri, NavigationOptions options) => _ = GoAsync(ToAbsoluteUri(uri).ToString(), options);

    // Locks are kept by the base; a browser would have to be told of the first and the last.
    protected override void SetNavigationLockState(bool value)
    {
    }

    private async Task GoAsync(string uri, NavigationOptions options)
    {
        if (await NotifyLocationChangingAsync(uri, options.HistoryEntryState, isNavigationIntercepted: false))
        {
            Uri = uri;
            NotifyLocationChanged(isInterceptedLink: false);
        }
    }
}
