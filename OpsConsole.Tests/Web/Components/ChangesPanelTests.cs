using OpsConsole.Core.Access;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Releases;
using OpsConsole.Web.Components.Kit;
using OpsConsole.Web.Components.Releases;

namespace OpsConsole.Tests.Web.Components;

public sealed class ChangesPanelTests
{
    private static readonly Operator Pipeline = new("pipeline", Role.ReleaseManager, true);

    private static readonly ChangeSet Good = new()
    {
        Code = new CodeChange
        {
            LinesAdded = 1_200,
            LinesRemoved = 30,
            Commits = [.. Enumerable.Range(1, 8).Select(i => new CommitChange($"c0ffee{i}", $"Step {i} of the cart", "jonas"))],
            Files = [new FileChange("src/Small.cs", 1, 0), new FileChange("src/Cart.cs", 1_199, 30)],
        },
        Dependencies = [new DependencyChange("Npgsql", "9.0.3", "10.0.0")],
        Config = [],
        Schema = new SchemaChange { Class = MigrationClass.Contract, Irreversible = 1 },
    };

    private static Release Release(Interface pages, string version, string? previous, int minutes)
    {
        var release = new Release
        {
            Id = Guid.CreateVersion7(Pretend.Now.AddMinutes(minutes)), Service = "shop", Target = "gateway", Environment = "production", Version = version, PreviousVersion = previous, Owner = "commerce",
            Artifact = new Artifact($"sha256:{version}", "4f2a91c0d3b7", null, null), Stages = [new Stage(100, TimeSpan.Zero)], Signals = [], RegisteredAt = Pretend.Now.AddMinutes(minutes),
        };
        pages.Record.Releases.Add(release);
        return release;
    }

    private static Task<ChangesAnswer> PostAsync(Interface pages, Release release, ChangeSet set) => pages.Harness.Get<RecordChanges>().PutAsync(release.Id, set, Pipeline, TestContext.Current.CancellationToken);

    private static Task ShowAsync(Interface pages, Release release) => pages.Harness.RenderAsync<ChangesPanel>(new Dictionary<string, object?> { ["Release"] = release });

    [Fact]
    public async Task What_the_change_set_says_of_the_schema_is_shown_where_the_release_declares_less()
    {
        await using var pages = new Interface();
        var release = Release(pages, "2.15.0", "2.14.3", 0);
        await PostAsync(pages, release, Good);
        const string Differs = "The release declares no schema change, its change set says contract. The worst of these is shown; the gates go by what is declared and by submitted SQL, so by no schema change.";

        await ShowAsync(pages, release);
        await pages.Harness.SeesAsync(Differs);

        await using var header = new Interface();
        release = Release(header, "2.15.0", "2.14.3", 0);
        await PostAsync(header, release, Good);
        await header.Harness.RenderAsync<ReleaseHeader>(new Dictionary<string, object?> { ["Release"] = release }, Pretend.OnCall);
        await header.Harness.SeesAsync("contract: removes structure or data");
        await header.Harness.SeesAsync(Differs);
    }

    [Fact]
    public void Where_all_say_the_same_nothing_is_said_of_a_difference()
    {
        Assert.Null(new SchemaSaid(MigrationClass.Expand, null, MigrationClass.Expand).Difference);
        Assert.Null(new SchemaSaid(MigrationClass.None, MigrationClass.None, null).Difference);
        Assert.Equal(MigrationClass.Migrate, new SchemaSaid(MigrationClass.None, MigrationClass.Migrate, MigrationClass.Expand).Worst);
        Assert.EndsWith("The worst of these is shown, and the gates go by it.", new SchemaSaid(MigrationClass.None, MigrationClass.Migrate, null).Difference, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Size_and_risk_come_first_long_lists_fold_and_what_was_not_said_is_not_called_unchanged()
    {
        await using var pages = new Interface();
        var release = Release(pages, "2.15.0", "2.14.3", 0);
        await PostAsync(pages, release, Good);

        await ShowAsync(pages, release);

        foreach (var text in new[]
        {
            "1,230 lines in 2 files: a large change", "+1,200", "8 commits", "3 more", "Npgsql", "9.0.3 → 10.0.0", "contract: removes", "1 step that going back does not undo",
            "says nothing about flags, infrastructure, secrets: not known", "Nothing changed.",
        })
        {
            await pages.Harness.SeesAsync(text);
        }

        var shown = await pages.Harness.ShownAsync();
        Assert.Equal("large", shown.Find("[data-risk]")!["data-risk"]);
        Assert.Equal(["code", "schema", "dependencies", "config"], shown.FindAll("[data-part]").Select(p => p["data-part"]));
        Assert.True(shown.Text.IndexOf("src/Cart.cs", StringComparison.Ordinal) < shown.Text.IndexOf("src/Small.cs", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_change_set_it_says_so_and_how_to_post_one_and_shows_it_when_it_comes()
    {
        await using var pages = new Interface();
        var release = Release(pages, "2.15.0", "2.14.3", 0);
        await ShowAsync(pages, release);
        await pages.Harness.SeesAsync("shop 2.15.0 has no change set.");
        await pages.Harness.SeesAsync($"api/v1/releases/{release.Id}/changes");

        await PostAsync(pages, release, Good);
        pages.News.Note(release.Id);
        pages.Harness.Navigation.NavigateTo($"releases/{release.Id}#changes");

        await pages.Harness.SeesAsync("a large change");
    }

    [Fact]
    public async Task Two_releases_are_compared_by_the_address_and_gaps_make_it_a_lower_bound()
    {
        await using var pages = new Interface();
        var (first, middle, last) = (Release(pages, "2.13.0", null, -60), Release(pages, "2.14.0", "2.13.0", -30), Release(pages, "2.15.0", "2.14.0", 0));
        await PostAsync(pages, last, new ChangeSet { Code = new CodeChange { LinesAdded = 100, LinesRemoved = 0 } });
        pages.Harness.Navigation.NavigateTo($"releases/{last.Id}?compare={first.Id}");
        await ShowAsync(pages, last);

        foreach (var text in new[] { "from 2.13.0 to 2.15.0", "2 versions", "what is listed is a lower bound", "2.14.0 has no change set", "100 lines: a small change", "and maybe more" })
        {
            await pages.Harness.SeesAsync(text);
        }

        var options = (await pages.Harness.ShownAsync()).Find("#compare")!.FindAll("option").Select(o => o["value"]);
        Assert.Equal(["", first.Id.ToString(), middle.Id.ToString()], options.Order(StringComparer.Ordinal));
        await pages.Harness.FireAsync("#compare", "onchange", new Microsoft.AspNetCore.Components.ChangeEventArgs { Value = "" });
        await pages.Harness.SeesAsync("2.14.0 to 2.15.0");
        Assert.EndsWith($"releases/{last.Id}#changes", pages.Harness.Navigation.Uri, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("soon", "The address names no release to compare with.")]
    [InlineData("0198c1f0-0000-7000-8000-0000000000aa", "There is no such release to compare with.")]
    public async Task An_address_that_names_nothing_to_compare_with_says_so(string compare, string sentence)
    {
        await using var pages = new Interface();
        var release = Release(pages, "2.15.0", "2.14.3", 0);
        pages.Harness.Navigation.NavigateTo($"releases/{release.Id}?compare={compare}");

        await ShowAsync(pages, release);

        await pages.Harness.SeesAsync(sentence);
    }

    [Fact]
    public async Task A_record_that_is_away_is_said_and_can_be_tried_again()
    {
        await using var pages = new Interface();
        var release = Release(pages, "2.15.0", "2.14.3", 0);
        pages.Record.Away = "the database is away";
        await ShowAsync(pages, release);
        await pages.Harness.SeesAsync("the database is away");

        pages.Record.Away = null;
        await pages.Harness.ClickAsync("#changes-again");
        await pages.Harness.SeesAsync("has no change set");
    }

    [Fact]
    public async Task A_list_of_thousands_shows_its_beginning_and_says_what_it_leaves_out()
    {
        await using var pages = new Interface();
        var release = Release(pages, "2.15.0", "2.14.3", 0);
        await PostAsync(pages, release, new ChangeSet { Config = [.. Enumerable.Range(0, 2_000).Select(i => new NamedChange($"key.{i}", ChangeKind.Changed))] });

        await ShowAsync(pages, release);

        await pages.Harness.SeesAsync("1,995 more");
        await pages.Harness.SeesAsync($"{2_000 - FoldedList<int>.First - FoldedList<int>.Most:N0} more are not shown here");
        Assert.Equal(FoldedList<int>.First + FoldedList<int>.Most, (await pages.Harness.ShownAsync()).Find("[data-part=config]")!.FindAll("li").Count);
    }
}
