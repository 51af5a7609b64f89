using System.Collections.Frozen;
using OpsConsole.Web.Playground.Servers;

namespace OpsConsole.Web.Playground.Search;

/// <summary>One running version of the product search. Both versions are healthy; the newer one also finds products by the beginning of a word.</summary>
internal sealed class SearchService : IAsyncDisposable
{
    private const int Products = 2000;
    private const int MaxHits = 10;

    /// <summary>What reading the index from its store takes.</summary>
    private static readonly TimeSpan IndexTime = TimeSpan.FromMilliseconds(8);

    private static readonly string[] Colours = ["red", "blue", "green", "black", "white", "amber", "grey", "violet"];
    private static readonly string[] Things = ["lamp", "chair", "kettle", "jacket", "bicycle", "radio", "notebook", "tent", "mirror", "clock"];

    private readonly FrozenDictionary<string, int[]> _index = BuildIndex();
    private readonly bool _findsBeginnings;
    private readonly TimeProvider _time;
    private readonly CounterFamily _searches;
    private LoopbackServer? _server;

    public SearchService(TimeProvider time, bool findsBeginnings)
    {
        _time = time;
        _findsBeginnings = findsBeginnings;
        Metrics = new ServiceMetrics(time);
        _searches = Metrics.AddCounter("search_requests_total", "Searches, by outcome.", "outcome");
    }

    public ServiceMetrics Metrics { get; }

    public Uri Address => _server?.Address ?? throw new InvalidOperationException("The search is not started.");

    public async Task StartAsync(CancellationToken cancellationToken) => _server = await LoopbackServer.StartAsync(
        app =>
        {
            Metrics.Observe(app);
            app.MapGet("/search", SearchAsync);
        },
        cancellationToken);

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? default;

    private async Task<IResult> SearchAsync(HttpRequest request, string? q, CancellationToken aborted)
    {
        await Task.Delay(IndexTime, _time, aborted);
        var hits = Find(q ?? "");
        if (!ServiceMetrics.IsCheck(request))
        {
            _searches.Add(hits.Count > 0 ? "found" : "empty");
        }

        return Results.Text(string.Join('\n', hits.Select(hit => $"product {hit}")));
    }

    private List<int> Find(string query)
    {
        IEnumerable<int>? hits = null;
        foreach (var word in query.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var matches = Matches(word);
            hits = hits?.Intersect(matches) ?? matches;
        }

        return hits is null ? [] : [.. hits.Take(MaxHits)];
    }

    private IEnumerable<int> Matches(string word) =>
        _index.TryGetValue(word, out var exact) ? exact
        : _findsBeginnings && word.Length >= 3 ? _index.Where(entry => entry.Key.StartsWith(word, StringComparison.Ordinal)).SelectMany(entry => entry.Value)
        : [];

    private static FrozenDictionary<string, int[]> BuildIndex() => Enumerable.Range(0, Products)
        .SelectMany(id => new[] { (Word: Colours[id % Colours.Length], Id: id), (Word: Things[id / Colours.Length % Things.Length], Id: id) })
        .GroupBy(entry => entry.Word)
        .ToFrozenDictionary(group => group.Key, group => group.Select(entry => entry.Id).ToArray(), StringComparer.Ordinal);
}
