using OpsConsole.Core.Catalog;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Signals;
using OpsConsole.Tests.Core.Actions.Gate;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Web.Catalog;

/// <summary>What is connected and read by neither the configuration nor a file, as the playground does, is taken over by no file.</summary>
public sealed class CatalogBesidesTests : IDisposable
{
    private const string Search = """
        service: search
        owner: { team: find }
        environments: [production]
        targets:
          gateway:
            kind: webhook
            environments:
              production:
                address: https://deployer.example
                secret: { secret: webhook }
        sources:
          search-prom:
            kind: prometheus
            target: gateway
            environment: production
            address: http://prometheus.internal:9090
            signals:
              http_5xx_rate: { rule: query, query: 'sum(errors{version="$version"})' }
        """;

    private const string Connected = "gateway in production is connected at this console already, as 'The gateway' for every environment, by neither the configuration nor a file; here it is enough to name it, with its environments and without a kind.";

    private readonly CatalogWorld _world = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_target_that_is_connected_by_other_means_is_taken_over_by_no_file()
    {
        _world.Targets.Add(new FakeTarget("gateway", Given.Gateway, _world.Time));
        _world.Write(Search, "search.yaml");

        var fault = Assert.Single((await _world.Book.LookAsync(Token)).Found.Faults);

        Assert.Equal((8, Connected), (fault.Line, fault.Message));
        Assert.IsType<RecordAnswer<CatalogVersion>.Refused>(await _world.ApplyAsync());
        Assert.Equal("The gateway", _world.Targets.Find("gateway", "production")!.Capabilities.Title);
    }

    [Fact]
    public async Task A_draft_is_held_to_what_is_connected_by_other_means_too()
    {
        _world.Targets.Add(new FakeTarget("gateway", Given.Gateway, _world.Time));
        await _world.Book.LookAsync(Token);

        Assert.Equal(Connected, Assert.Single(_world.Book.With(new("search.yaml", Search)).Found.Faults).Message);
        Assert.Empty(_world.Book.With(new("search.yaml", "service: search\nowner: { team: find }\nenvironments: [production]\ntargets: { gateway: { environments: [production] } }\n")).Found.Faults);
    }

    [Fact]
    public async Task A_signal_that_is_read_by_other_means_is_read_by_no_file_too()
    {
        await _world.Schedule.AddAsync(Beside, Token);
        _world.Write(Search, "search.yaml");

        var fault = Assert.Single((await _world.Book.LookAsync(Token)).Found.Faults);

        Assert.StartsWith(
            "The source search-prom gives http_5xx_rate of search on gateway in production for every version, which the source playground-search-3.1.0, of neither the configuration nor a file, gives already for version 3.1.0: a signal has one source",
            fault.Message, StringComparison.Ordinal);
        Assert.Equal(12, fault.Line);
        Assert.IsType<RecordAnswer<CatalogVersion>.Refused>(await _world.ApplyAsync());
    }

    [Fact]
    public async Task A_source_takes_no_others_name()
    {
        await _world.Schedule.AddAsync(Beside with { Key = "search-prom", Service = "other" }, Token);
        _world.Write(Search, "search.yaml");

        Assert.Equal("A source search-prom is read at this console already, by neither the configuration nor a file; give this one another name.", Assert.Single((await _world.Book.LookAsync(Token)).Found.Faults).Message);
    }

    [Fact]
    public async Task What_is_connected_later_by_other_means_goes_before_what_holds()
    {
        _world.Write(Search, "search.yaml");
        Assert.IsType<RecordAnswer<CatalogVersion>.Done>(await _world.ApplyAsync());
        _world.Targets.Add(new FakeTarget("gateway", Given.Gateway, _world.Time));
        await _world.Schedule.AddAsync(Beside, Token);

        var standing = await _world.Book.LookAsync(Token);

        Assert.Equal(["gateway in production is connected", "The source search-prom gives http_5xx_rate"], standing.Unusable.Select(f => string.Join(' ', f.Message.Split(' ').Take(5))));
        Assert.Equal("The gateway", _world.Targets.Find("gateway", "production")!.Capabilities.Title);
        Assert.Empty(_world.SourceOptions.FromCatalog);
        Assert.Equal(["playground-search-3.1.0"], _world.Schedule.Bindings.Keys);
    }

    [Fact]
    public async Task What_is_read_for_a_version_of_a_source_of_a_file_is_of_that_file()
    {
        _world.Write(Search, "search.yaml");
        await _world.ApplyAsync();
        await _world.Schedule.AddAsync(Assert.Single(_world.SourceOptions.FromCatalog).For("3.1.0"), Token);
        _world.Write(Search.Replace("search-prom", "search-errors", StringComparison.Ordinal), "search.yaml");

        Assert.IsType<RecordAnswer<CatalogVersion>.Done>(await _world.ApplyAsync());

        var standing = await _world.Book.LookAsync(Token);
        Assert.Empty(standing.Found.Faults.Concat(standing.Unusable));
        Assert.Equal("search-errors", Assert.Single(_world.SourceOptions.FromCatalog).Key);
    }

    private static SourceBinding Beside => new()
    {
        Key = "playground-search-3.1.0", Kind = "prometheus-text", Service = "search", Target = "gateway", Environment = "production", Version = "3.1.0",
        Rules = [new() { Signal = new("http_5xx_rate"), Kind = SignalRuleKind.Gauge, Numerator = "errors" }],
    };
}
