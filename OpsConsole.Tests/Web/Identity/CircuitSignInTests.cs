using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Core.Access;
using OpsConsole.Core.Access.Tokens;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Identity;

namespace OpsConsole.Tests.Web.Identity;

/// <summary>An open page is never anybody's who is nobody any more.</summary>
public sealed class CircuitSignInTests : IDisposable
{
    private readonly FakeTime _time = new();
    private readonly ServiceTokenTable _tokens;
    private readonly SignIns _signIns;
    private readonly SignInOptions _options = new() { Authority = "https://login.example/" };
    private readonly CircuitSignIn _circuit;

    public CircuitSignInTests()
    {
        _tokens = new ServiceTokenTable(_time);
        _signIns = new SignIns(_time, _tokens);
        _circuit = new CircuitSignIn(_signIns, _options, _time, NullLogger<CircuitSignIn>.Instance);
    }

    public void Dispose() => _circuit.Dispose();

    [Fact]
    public async Task A_sign_in_that_ends_leaves_nobody()
    {
        Take(new("mia", Role.Admin, false) { Session = "first" });
        Assert.Equal("mia", await NameAsync());

        _signIns.End("first");

        await NobodyAsync(_options.RecheckEvery);
    }

    [Fact]
    public async Task Whoever_takes_the_page_up_again_is_followed_and_the_one_before_is_not()
    {
        Take(new("mia", Role.Admin, false) { Session = "first" });
        Take(new("mia", Role.Admin, false) { Session = "second" });

        _signIns.End("first");
        _time.Advance(_options.RecheckEvery);
        Assert.Equal("mia", await NameAsync());
        _signIns.End("second");

        await NobodyAsync(_options.RecheckEvery);
    }

    [Fact]
    public async Task A_page_that_a_token_holds_open_ends_with_the_token_also_without_an_issuer()
    {
        _options.Authority = null;
        var token = new ServiceToken
        {
            Id = Guid.NewGuid(), Name = "wall", TokenHash = ServiceTokenTable.Hash(ServiceTokenTable.NewToken()), Scopes = "*:board:read", CreatedAt = _time.GetUtcNow(), CreatedBy = "ana",
            ExpiresAt = _time.GetUtcNow().AddDays(1),
        };
        _tokens.Load([token]);
        Take(Assert.Single(_tokens.Counting).Operator);
        _time.Advance(SignInWatch.TokenLook);
        Assert.Equal("wall", await NameAsync());

        _tokens.Revoke(token.Id);

        await NobodyAsync(SignInWatch.TokenLook);
    }

    private void Take(Operator by) => _circuit.SetAuthenticationState(Task.FromResult(new AuthenticationState(by.ToPrincipal("test"))));

    private async Task<string?> NameAsync() => (await _circuit.GetAuthenticationStateAsync()).User.FindFirstValue(ClaimTypes.Name);

    private Task NobodyAsync(TimeSpan every) => Eventually.TrueAsync(async () =>
    {
        _time.Advance(every);
        return await NameAsync() is null;
    });
}
