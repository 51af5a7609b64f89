using OpsConsole.Core.Catalog;

namespace OpsConsole.Tests.Web.Catalog;

public sealed class CatalogFolderTests : IDisposable
{
    private const string Misnamed = "The file of a service is called as the service is, with .yaml at its end, all of it in lower case; this one is not read.";

    private readonly CatalogWorld _world = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Files_are_read_by_name_and_what_is_none_of_them_is_told_or_left()
    {
        _world.Write("b", "shop.yaml");
        _world.Write("a", "pocket.yaml");
        _world.Write("x", "README.md");
        _world.Write("x", ".shop.yaml.swp");
        _world.Write("x", "Web.yaml");
        _world.Write("x", "web.yml");
        _world.Write("x", "Pay.YAML");
        _world.Write("x", "a b.yaml");
        await File.WriteAllBytesAsync(Path.Combine(_world.Files.Path, "latin.yaml"), [0xE4, 0x0A], Token);
        _world.Write(new string('#', 300 * 1024), "long.yaml");

        var found = await _world.Files.ReadAsync(Token);

        Assert.Equal([new("pocket.yaml", "a"), new CatalogFile("shop.yaml", "b")], found.Files);
        Assert.Equal(
            [
                "Pay.YAML: " + Misnamed + " Call it pay.yaml.", "Web.yaml: " + Misnamed + " Call it web.yaml.", "a b.yaml: " + Misnamed, "latin.yaml: The file is not UTF-8.",
                "long.yaml: A file of the catalogue has at most 256 kB; this one is longer.", "web.yml: " + Misnamed + " Call it web.yaml.",
            ],
            found.Faults.Select(f => f.Sentence));
    }

    [Fact]
    public async Task A_folder_with_too_much_in_it_is_not_read()
    {
        for (var i = 0; i <= OpsConsole.Web.Catalog.CatalogFolder.MostFiles; i++)
        {
            _world.Write("", $"s{i}.yaml");
        }

        Assert.EndsWith("has more than 500 files.", (await _world.Files.ReadAsync(Token)).Missing, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_written_whole_and_never_over_another()
    {
        Assert.Null(await _world.Files.AddAsync(new("shop.yaml", "service: shop\n"), Token));
        Assert.Equal("There is a file shop.yaml already; change that one, or choose another name.", await _world.Files.AddAsync(new("shop.yaml", "service: other\n"), Token));

        Assert.Equal("service: shop\n", await File.ReadAllTextAsync(Path.Combine(_world.Files.Path, "shop.yaml"), Token));
        Assert.Single(Directory.EnumerateFileSystemEntries(_world.Files.Path));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_to_is_told_of()
    {
        await File.WriteAllTextAsync(_world.Files.Path, "a file in its place", Token);

        Assert.StartsWith("The file cannot be written to", await _world.Files.AddAsync(new("shop.yaml", ""), Token), StringComparison.Ordinal);
    }
}
