using OpsConsole.Core.Catalog;
using OpsConsole.Core.Gates;
using OpsConsole.Web.Catalog;

namespace OpsConsole.Tests.Web.Catalog;

/// <summary>Services whose files are gone: by will, or by a mount that failed.</summary>
public sealed class CatalogRemovalTests : IDisposable
{
    private const string Pocket = "service: pocket\nowner: { team: apps }\nenvironments: [production]\n";

    private readonly CatalogWorld _world = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Applied_at_once_is_nothing_that_takes_a_service_away()
    {
        using var world = new CatalogWorld(CatalogApply.AtOnce);
        world.Write(CatalogWorld.Shop);
        world.Write(Pocket, "pocket.yaml");
        await world.Book.LookAsync(Token);
        await world.Book.LookAsync(Token);
        Assert.Single(world.Store.Versions);

        // As a copy that stands still, or a folder that was not mounted and got one new file.
        world.Delete();
        await world.Book.LookAsync(Token);
        await world.Book.LookAsync(Token);
        Assert.Single(world.Store.Versions);
        Assert.NotNull(world.Targets.Find("workers", "production"));

        Assert.IsType<RecordAnswer<CatalogVersion>.Done>(await world.ApplyAsync());
        Assert.Null(world.Targets.Find("workers", "production"));
    }

    [Theory]
    [InlineData(true, "Nothing is written while the folder is not read")]
    [InlineData(false, "The folder has no file of the services that hold")]
    public async Task No_service_is_added_to_a_folder_that_lost_those_that_hold(bool isGone, string why)
    {
        _world.Write(CatalogWorld.Shop);
        await _world.ApplyAsync();
        _world.Delete();
        if (isGone)
        {
            Directory.Delete(_world.Files.Path);
        }

        var (notWritten, applied) = await _world.Book.AddAsync(new("pocket.yaml", Pocket), CatalogWorld.Admin, Token);

        Assert.StartsWith(why, notWritten, StringComparison.Ordinal);
        Assert.Null(applied);
        Assert.False(File.Exists(Path.Combine(_world.Files.Path, "pocket.yaml")));
        Assert.NotNull(_world.Targets.Find("workers", "production"));
    }

    [Fact]
    public async Task The_first_service_of_all_is_added_where_there_is_no_folder_yet()
    {
        var (notWritten, applied) = await _world.Book.AddAsync(new("pocket.yaml", Pocket), CatalogWorld.Admin, Token);

        Assert.Null(notWritten);
        Assert.IsType<RecordAnswer<CatalogVersion>.Done>(applied);
    }
}
