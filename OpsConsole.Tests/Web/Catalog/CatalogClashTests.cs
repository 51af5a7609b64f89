using OpsConsole.Core.Catalog;
using OpsConsole.Core.Gates;
using OpsConsole.Web.Catalog;

namespace OpsConsole.Tests.Web.Catalog;

/// <summary>What two files, or a file and the configuration, may not both say, and which of them is told so.</summary>
public sealed class CatalogClashTests : IDisposable
{
    private static readonly string New = CatalogWorld.Shop.Replace("service: shop", "service: attic", StringComparison.Ordinal);

    private readonly CatalogWorld _world = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task The_new_file_is_wrong_and_not_the_one_that_holds()
    {
        _world.Write(CatalogWorld.Shop);
        await _world.ApplyAsync();
        _world.Write(New, "attic.yaml");

        var standing = await _world.Book.LookAsync(Token);

        Assert.Equal(
            ["attic.yaml: workers in production is connected by shop.yaml already; here it is enough to name it, with its environments and without a kind.", "attic.yaml: shop.yaml has a source shop-errors already; give this one another name."],
            standing.Found.Faults.Select(f => $"{f.File}: {f.Message}"));
        Assert.Equal("shop", Assert.Single(standing.Found.Parts, p => p.Targets.Count + p.Sources.Count > 0).Service.Name);
        Assert.IsType<RecordAnswer<CatalogVersion>.Refused>(await _world.ApplyAsync());
        Assert.Equal("shop-errors", Assert.Single(_world.SourceOptions.FromCatalog).Key);
        Assert.NotNull(_world.Targets.Find("workers", "production"));
    }

    [Fact]
    public async Task A_file_that_is_changed_elsewhere_still_holds_what_it_held()
    {
        _world.Write(CatalogWorld.Shop);
        await _world.ApplyAsync();
        _world.Write(CatalogWorld.Shop.Replace("commerce", "payments", StringComparison.Ordinal).Replace("sum(errors)", "sum(faults)", StringComparison.Ordinal));
        _world.Write(New, "attic.yaml");

        Assert.All((await _world.Book.LookAsync(Token)).Found.Faults, f => Assert.Equal("attic.yaml", f.File));
    }

    [Fact]
    public async Task Of_files_that_only_wait_the_later_one_is_wrong_also_after_further_looks()
    {
        _world.Write(CatalogWorld.Shop);
        await _world.Book.LookAsync(Token);
        _world.Write(New, "attic.yaml");
        await _world.Book.LookAsync(Token);
        _world.Write(CatalogWorld.Shop + "\n", "shop.yaml");

        var faults = (await _world.Book.LookAsync(Token)).Found.Faults;

        Assert.Equal(2, faults.Count);
        Assert.All(faults, f => Assert.Equal("attic.yaml", f.File));
    }

    [Fact]
    public async Task A_draft_is_told_what_it_would_take_from_whom()
    {
        _world.Write(CatalogWorld.Shop);
        await _world.ApplyAsync();

        var (why, applied) = await _world.Book.AddAsync(new CatalogFile("attic.yaml", New), CatalogWorld.Admin, Token);

        Assert.Equal("attic.yaml, line 8, column 7: workers in production is connected by shop.yaml already; here it is enough to name it, with its environments and without a kind.", why);
        Assert.Null(applied);
        Assert.False(File.Exists(Path.Combine(_world.Files.Path, "attic.yaml")));
    }

    [Fact]
    public void Two_sources_of_one_signal_in_a_file_are_a_fault_that_names_both()
    {
        var content = Read(_world, CatalogWorld.Shop + "\n  shop-more:\n    target: workers\n    environment: production\n    address: http://shop.internal/$version\n    signals:\n      http_5xx_rate: { rule: gauge, numerator: errors }\n");

        var fault = Assert.Single(content.Faults);
        Assert.Equal((21, "shop.yaml"), (fault.Line, fault.File));
        Assert.StartsWith("sources:shop-more gives http_5xx_rate of shop on workers in production for every version, which sources:shop-errors gives already for version 2.15.0:", fault.Message, StringComparison.Ordinal);
        var part = Assert.Single(content.Parts);
        Assert.Equal("shop-errors", Assert.Single(part.Sources).Binding.Key);
        Assert.Single(part.Targets);
    }

    [Fact]
    public async Task What_the_configuration_measures_already_is_not_measured_by_a_file_too()
    {
        _world.Write(CatalogWorld.Shop);
        await _world.ApplyAsync();
        using var other = new CatalogWorld(store: _world.Store, settings: """
            OpsConsole:Sources:own:Service=shop
            OpsConsole:Sources:own:Target=workers
            OpsConsole:Sources:own:Environment=production
            OpsConsole:Sources:own:Address=http://a/$version
            OpsConsole:Sources:own:Signals:http_5xx_rate:Rule=gauge
            OpsConsole:Sources:own:Signals:http_5xx_rate:Numerator=errors
            """);
        Assert.Empty(other.SourceOptions.Faults);
        other.Write(CatalogWorld.Shop);

        var standing = await other.Book.LookAsync(Token);

        const string Why = "The source shop-errors gives http_5xx_rate of shop on workers in production for version 2.15.0, which the configuration's source own (OpsConsole:Sources:own) gives already for every version:";
        Assert.StartsWith(Why, Assert.Single(standing.Found.Faults).Message, StringComparison.Ordinal);
        Assert.StartsWith(Why, Assert.Single(standing.Unusable).Message, StringComparison.Ordinal);
        Assert.Empty(other.SourceOptions.FromCatalog);
        Assert.NotNull(other.Targets.Find("workers", "production"));
    }

    [Theory]
    [InlineData("Shop.YAML")]
    [InlineData("shop.yml")]
    public async Task A_file_that_was_renamed_wrongly_is_told_of_and_looks_like_no_removal(string name)
    {
        _world.Write(CatalogWorld.Shop);
        await _world.ApplyAsync();
        _world.Delete();
        _world.Write(CatalogWorld.Shop, name);

        var standing = await _world.Book.LookAsync(Token);

        Assert.Equal((name, "Call it shop.yaml."), (Assert.Single(standing.Found.Faults).File, standing.Found.Faults[0].Suggestion));
        Assert.Empty(standing.Waiting);
        Assert.IsType<CatalogFaultyRefusal>(Assert.Single(Assert.IsType<RecordAnswer<CatalogVersion>.Refused>(await _world.ApplyAsync()).Refusals));
        Assert.NotNull(_world.Targets.Find("workers", "production"));
    }

    private static CatalogContent Read(CatalogWorld world, string text) => world.Reader.Read([new CatalogFile("shop.yaml", text)], []);
}
