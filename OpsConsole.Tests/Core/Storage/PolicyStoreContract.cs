using OpsConsole.Core.Access;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Policies.Text;
using OpsConsole.Core.Storage;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Storage;

public abstract class PolicyStoreContract(PostgresFixture? embedded) : StoreContract(embedded)
{
    private PolicyStore Policies => new(Database.Record);

    [Fact]
    public async Task A_new_text_is_a_new_version_and_the_same_text_is_none()
    {
        Assert.Equal((1, true), Number(await Policies.SaveAsync(Draft("canary: {}\n"), Token)));
        Assert.Equal((1, false), Number(await Policies.SaveAsync(Draft("canary: {}\n"), Token)));
        Assert.Equal((2, true), Number(await Policies.SaveAsync(Draft("release: {}\n", note: "the other section"), Token)));
        Assert.Equal((3, true), Number(await Policies.SaveAsync(Draft("canary: {}\n"), Token)));
        Assert.Equal((1, true), Number(await Policies.SaveAsync(Draft("canary: {}\n", name: "apps"), Token)));

        Assert.Equal([("apps", 1), ("web", 3)], (await Policies.ListAsync(Token)).Select(p => (p.Name, p.Version)));
        Assert.Equal([3, 2, 1], (await Policies.VersionsAsync("web", Token)).Select(p => p.Version));
        Assert.Equal("canary: {}\n", (await Policies.FindAsync("web", null, Token))!.Text);
        var second = (await Policies.FindAsync("web", 2, Token))!;
        Assert.Equal(("release: {}\n", "the other section", "mira"), (second.Text, second.Note, second.CreatedBy));
        Assert.Equal(PolicyText.Digest("release: {}\n"), second.Digest);
    }

    [Fact]
    public async Task Each_version_has_its_line_in_the_audit()
    {
        await Policies.SaveAsync(Draft("canary: {}\n", note: "first"), Token);
        await Policies.SaveAsync(Draft("canary: {}\n"), Token);

        var line = Assert.Single((await Database.Audit.PageAsync(new AuditQuery { Event = "policy.save" }, Token)).Items);
        Assert.Equal(("mira", "policy:web", "policy web, version 1", "done", "first"), (line.Actor, line.Subject, line.SubjectTitle, line.Outcome, line.Reason));
    }

    [Fact]
    public async Task Saved_by_several_at_once_each_text_gets_a_number_of_its_own()
    {
        var saved = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Policies.SaveAsync(Draft($"# {i}\ncanary: {{}}\n"), Token)));

        Assert.Equal([1, 2, 3, 4], saved.Select(s => s.Version.Version).Order());
        Assert.All(saved, s => Assert.True(s.IsNew));
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        Assert.Null(await Policies.FindAsync("web", null, Token));
        Assert.Empty(await Policies.VersionsAsync("web", Token));
        await Policies.SaveAsync(Draft("canary: {}\n"), Token);
        Assert.Null(await Policies.FindAsync("web", 2, Token));
    }

    [Fact]
    public async Task A_long_text_comes_back_as_it_was()
    {
        var text = "# " + new string('ä', 100_000) + "\ncanary: {}\n";
        await Policies.SaveAsync(Draft(text), Token);

        Assert.Equal(text, (await Policies.FindAsync("web", 1, Token))!.Text);
    }

    private static PolicyDraft Draft(string text, string name = "web", string? note = null) =>
        new(name, text, PolicyText.Digest(text), note, new Operator("mira", Role.ReleaseManager, false), Sample.Noon);

    private static (int Version, bool IsNew) Number(PolicySaved saved) => (saved.Version.Version, saved.IsNew);
}

public sealed class PolicyStoreOnEmbeddedPostgres(PostgresFixture postgres) : PolicyStoreContract(postgres);

public sealed class PolicyStoreOnConfiguredPostgres() : PolicyStoreContract(null);

public sealed class PolicyStoreOnConfiguredSqlServer() : PolicyStoreContract(null), IOnSqlServer;
