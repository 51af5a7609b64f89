using OpsConsole.Core.Access;
using OpsConsole.Web.Components.Layout;
using OpsConsole.Web.Components.Pages;

namespace OpsConsole.Tests.Web.Components;

public sealed class SignInPagesTests
{
    [Fact]
    public async Task With_an_issuer_nobody_chooses_a_role()
    {
        await using var pages = new Interface();
        pages.SignIn.Authority = "https://id.example.org";

        await pages.Harness.RenderAsync<SignInPage>(new Dictionary<string, object?>());

        var shown = await pages.Harness.ShownAsync();
        Assert.Null(shown.Find("form"));
        Assert.Equal("/sign-in/issuer?returnUrl=%2F", shown.Find("#sign-in-issuer")!["href"]);
        Assert.Contains("Sign in with id.example.org", shown.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_emergency_form_is_there_only_where_it_is_configured()
    {
        await using var pages = new Interface();
        pages.SignIn.Authority = "https://id.example.org";
        pages.SignIn.Emergency.SecretHash = new string('0', 64);

        await pages.Harness.RenderAsync<SignInPage>(new Dictionary<string, object?>());

        var form = (await pages.Harness.ShownAsync()).Find("form")!;
        Assert.Equal(("post", "/sign-in/emergency"), (form["method"], form["action"]));
        Assert.Equal("password", form.Find("#secret")!["type"]);
        Assert.NotNull(form.Find("[name=__RequestVerificationToken]"));
    }

    [Fact]
    public async Task Roles_that_are_not_confirmed_are_said_so_with_what_goes_on()
    {
        await using var pages = new Interface();
        pages.SignIn.Authority = "https://id.example.org";
        var by = new Operator("ada", Role.Admin, IsService: false) { UnconfirmedSince = pages.Time.GetUtcNow() };

        await pages.Harness.RenderAsync<AccessBanner>(new Dictionary<string, object?>(), by);

        var text = (await pages.Harness.ShownAsync()).Text;
        Assert.Contains("id.example.org does not answer", text, StringComparison.Ordinal);
        Assert.Contains("halt, roll back and kill", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_reason_there_is_no_banner()
    {
        await using var pages = new Interface();

        await pages.Harness.RenderAsync<AccessBanner>(new Dictionary<string, object?>(), new Operator("ada", Role.Admin, IsService: false));

        Assert.Null((await pages.Harness.ShownAsync()).Find("p"));
    }
}
