using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Core.Access;
using OpsConsole.Core.Access.Tokens;
using OpsConsole.Core.Gates;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Components.Kit;
using OpsConsole.Web.Components.Pages;
using OpsConsole.Web.Identity;

namespace OpsConsole.Tests.Web.Components;

public sealed class AccessPagesTests
{
    private static readonly Operator Admin = new("cleo", Role.Admin, false);
    private static readonly Operator Viewer = new("vik", Role.Viewer, false);

    [Fact]
    public void Every_role_on_record_has_a_word() => Assert.All(Enum.GetValues<Role>(), role => Assert.NotEqual(role.ToString(), Words.OfRole(role.ToString())));

    [Fact]
    public async Task The_page_of_permissions_says_what_I_may_and_where()
    {
        await using var pages = new Interface();
        var by = new Operator("ana", Role.Viewer, false) { ByEnvironment = new EnvironmentRoles(Role.Viewer, [KeyValuePair.Create("production", Role.OnCall)]) };

        await pages.Harness.RenderAsync<PermissionsPage>(null, by);

        await pages.Harness.SeesAsync("environment:releases:promote");
        var shown = await pages.Harness.ShownAsync();
        Assert.Equal(PermissionTable.Rows.Select(r => r.Name), shown.FindAll("[data-permission]").Select(r => r["data-permission"]));
        Assert.Contains("in production", shown.Find("[data-permission=releases:halt]")!.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("in production", shown.Find("[data-permission=releases:promote]")!.Text, StringComparison.Ordinal);
        Assert.StartsWith("You are ana, on-call in production, viewer everywhere else:", shown.Find("#my-access")!.Text.Trim(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "viewer", "viewer everywhere")]
    [InlineData("production=Viewer", "viewer", "viewer everywhere")]
    [InlineData("production=OnCall", "viewer or on-call", "on-call in production, viewer everywhere else")]
    [InlineData("production=OnCall;qa=Admin;staging=OnCall", "viewer or on-call or admin", "admin in qa, on-call in production and staging, viewer everywhere else")]
    public void Roles_are_told_with_where_they_hold(string places, string shortly, string whole)
    {
        var by = new Operator("ana", Role.Viewer, false) { ByEnvironment = places.Length == 0 ? null : EnvironmentRoles.Parse($"Viewer;{places}") };

        Assert.Equal((shortly, whole), (Words.RolesOf(by), Words.RolesByPlace(by)));
    }

    [Fact]
    public async Task A_token_is_made_shown_once_and_revoked()
    {
        await using var pages = new Interface();
        await pages.Harness.RenderAsync<TokensPage>(null, Admin);
        await pages.Harness.SeesAsync("No service token is in force");

        await pages.Harness.TypeAsync("#token-name", "shop pipeline");
        await pages.Harness.FireAsync("form", "onsubmit", EventArgs.Empty);
        await pages.Harness.SeesAsync("Name the environments that it is for");
        await pages.Harness.TypeAsync("#token-environments", "prodution");
        await pages.Harness.FireAsync("form", "onsubmit", EventArgs.Empty);
        await pages.Harness.SeesAsync("did you mean production?");
        await pages.Harness.TypeAsync("#token-environments", "production");
        await pages.Harness.FireAsync("form", "onsubmit", EventArgs.Empty);
        await pages.Harness.SeesAsync("shown this once");

        var secret = (await pages.Harness.FindAsync("#token-text")).Text.Trim();
        Assert.Equal(ServiceTokenTable.Hash(secret), Assert.Single(pages.ServiceTokens.Tokens).TokenHash);
        Assert.Equal("production:evidence:submit production:releases:register", pages.ServiceTokens.Tokens[0].Scopes);
        await pages.Harness.ClickAsync("#token-kept");
        Assert.DoesNotContain(secret, (await pages.Harness.ShownAsync()).Text, StringComparison.Ordinal);

        await pages.Harness.ClickAsync("[data-revoke]");
        await pages.Harness.SeesAsync("every short-lived token that was issued from it");
        await pages.Harness.ClickAsync("#revoke-dialog-send");
        await pages.Harness.SeesAsync("revoked by cleo");
        await pages.Harness.SeesAsync("One token counts no more");
    }

    [Fact]
    public async Task What_expires_soon_is_said()
    {
        await using var pages = new Interface();
        pages.ServiceTokens.Tokens.Add(new ServiceToken
        {
            Id = Guid.CreateVersion7(), Name = "old pipeline", TokenHash = "00", Scopes = "*:board:read", CreatedAt = Pretend.Now.AddDays(-80), CreatedBy = "cleo", ExpiresAt = Pretend.Now.AddDays(10),
        });

        await pages.Harness.RenderAsync<TokensPage>(null, Admin);

        await pages.Harness.SeesAsync("One token expires within 14 days");
    }

    [Fact]
    public async Task Of_many_tokens_the_first_are_shown_and_the_others_found()
    {
        await using var pages = new Interface();
        pages.ServiceTokens.Tokens.AddRange(Enumerable.Range(1, 40).Select(i => new ServiceToken
        {
            Id = Guid.CreateVersion7(), Name = $"pipeline {i}", TokenHash = $"{i:00}", Scopes = "*:board:read", CreatedAt = Pretend.Now, CreatedBy = "cleo", ExpiresAt = Pretend.Now.AddDays(i),
        }));

        await pages.Harness.RenderAsync<TokensPage>(null, Admin);

        await pages.Harness.SeesAsync("25 of 40 are shown");
        await pages.Harness.SeesAsync("pipeline 8 and 5 more");
        await pages.Harness.TypeAsync("[data-find-token]", "PIPELINE 40");
        Assert.Contains("pipeline 40", Assert.Single((await pages.Harness.ShownAsync()).FindAll("[data-token]")).Text, StringComparison.Ordinal);
        await pages.Harness.TypeAsync("[data-find-token]", "");
        await pages.Harness.ClickAsync("[data-all-tokens]");
        Assert.Equal(40, (await pages.Harness.ShownAsync()).FindAll("[data-token]").Count);
    }

    [Fact]
    public async Task Who_may_not_make_tokens_sees_them_and_is_told_who_can()
    {
        await using var pages = new Interface();
        pages.ServiceTokens.Tokens.Add(new ServiceToken
        {
            Id = Guid.CreateVersion7(), Name = "shop pipeline", TokenHash = "00", Scopes = "*:board:read", CreatedAt = Pretend.Now, CreatedBy = "cleo", ExpiresAt = Pretend.Now.AddDays(90),
        });

        await pages.Harness.RenderAsync<TokensPage>(null, Viewer);

        await pages.Harness.SeesAsync("shop pipeline");
        await pages.Harness.SeesAsync("admin can");
        Assert.Null((await pages.Harness.ShownAsync()).Find("[data-revoke]"));
    }

    [Fact]
    public async Task What_others_do_and_when_a_token_was_last_used_shows_on_an_open_page()
    {
        await using var pages = new Interface();
        await pages.Harness.RenderAsync<TokensPage>(null, Viewer);
        await pages.Harness.SeesAsync("No service token is in force");

        var token = new ServiceToken
        {
            Id = Guid.CreateVersion7(), Name = "shop pipeline", TokenHash = "00", Scopes = "*:board:read", CreatedAt = Pretend.Now, CreatedBy = "cleo", ExpiresAt = Pretend.Now.AddDays(90),
        };
        pages.ServiceTokens.Tokens.Add(token);
        await SeesInTimeAsync("never");
        token.Used(pages.Time.GetUtcNow());
        await Eventually.TrueAsync(async () =>
        {
            pages.Time.Advance(Repeat.Every);
            return !(await pages.Harness.ShownAsync()).Text.Contains("never", StringComparison.Ordinal);
        });

        Task SeesInTimeAsync(string text) => Eventually.TrueAsync(async () =>
        {
            pages.Time.Advance(Repeat.Every);
            return (await pages.Harness.ShownAsync()).Text.Contains(text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_use_of_a_moment_ago_is_told_where_the_token_is_revoked()
    {
        await using var pages = new Interface();
        var secret = ServiceTokenTable.NewToken();
        var token = new ServiceToken
        {
            Id = Guid.CreateVersion7(), Name = "shop pipeline", TokenHash = ServiceTokenTable.Hash(secret), Scopes = "*:board:read", CreatedAt = Pretend.Now, CreatedBy = "cleo", ExpiresAt = Pretend.Now.AddDays(90),
        };
        pages.ServiceTokens.Tokens.Add(token);
        var table = pages.Harness.Get<ServiceTokenTable>();
        table.Load([token]);
        await pages.Harness.RenderAsync<TokensPage>(null, Admin);
        await pages.Harness.ClickAsync("[data-revoke]");
        await pages.Harness.SeesAsync("No use of it is known.");

        Assert.NotNull(table.Find(secret));
        await pages.Harness.ClickAsync("[data-revoke]");
        await pages.Harness.SeesAsync("It was last used");
        await pages.Harness.ClickAsync("#revoke-dialog-send");
        await pages.Harness.SeesAsync("revoked by cleo");
        Assert.DoesNotContain("never", (await pages.Harness.ShownAsync()).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_who_is_an_admin_but_not_everywhere_is_told_which_role_counts()
    {
        await using var pages = new Interface();

        await pages.Harness.RenderAsync<TokensPage>(null, Viewer with { ByEnvironment = new EnvironmentRoles(Role.Admin, [new("production", Role.Viewer)]) });

        await pages.Harness.SeesAsync("As viewer (the least of your roles counts for what is about all environments) you may not make and revoke service tokens; admin can.");
    }

    [Fact]
    public async Task What_someone_asks_on_an_open_page_and_may_not_is_on_record_once()
    {
        var (lines, time) = (new Identity.AuditLines(), new FakeTime());
        var refusals = new PageRefusals(new Away(), new AccessRefusals(new SignInAudit(lines, time, NullLogger<SignInAudit>.Instance), time));
        var answer = new RecordAnswer<ServiceToken>.Refused([.. MayNotRefusal.Of(Viewer, Permission.TokensWrite, "make or revoke service tokens")]);

        var told = await refusals.AgainstAsync(answer, Viewer);
        await refusals.AgainstAsync(answer, Viewer);
        await refusals.AgainstAsync(new RecordAnswer<ServiceToken>.Refused([new TokenNameRefusal("Taken.")]), Viewer);

        var line = Assert.Single(lines.Entries);
        Assert.Equal(("vik", "access", "refused", $"page /tokens: {Assert.Single(told)}"), (line.Actor, line.Event, line.Outcome, line.Detail));
    }

    private sealed class Away : Microsoft.AspNetCore.Components.NavigationManager
    {
        public Away() => Initialize("https://console.test/", "https://console.test/tokens?made=1");
    }

    [Fact]
    public async Task What_cannot_be_read_says_so()
    {
        await using var pages = new Interface();
        pages.ServiceTokens.Away = true;

        await pages.Harness.RenderAsync<TokensPage>(null, Viewer);

        await pages.Harness.SeesAsync("The tokens could not be read");
    }
}
