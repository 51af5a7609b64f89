using System.Net;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Core.Access;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Identity;

namespace OpsConsole.Tests.Web.Identity;

public sealed partial class SignInSessionsTests : IDisposable
{
    private const string Callback = "https://console.test/sign-in/callback";

    private readonly FakeTime _time = new();
    private readonly FakeIssuer _issuer;
    private readonly SignInOptions _options;
    private readonly IssuerClient _client;
    private readonly IssuerDocuments _documents;
    private readonly IdTokenValidator _validator;
    private readonly AuditLines _audit = new();
    private readonly EphemeralDataProtectionProvider _keys = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("opsconsole-").FullName;
    private SignInSessions _sessions;
    private SignIns _signIns;

    public SignInSessionsTests()
    {
        _issuer = new FakeIssuer(_time);
        _options = new SignInOptions { Authority = _issuer.Authority, ClientId = "ops", ClientSecret = "secret" };
        _options.Roles["Admin"] = ["ops-admins"];
        _options.Roles["Viewer"] = ["ops-viewers"];
        _client = new IssuerClient(_options, _issuer, _time);
        _documents = new IssuerDocuments(_options, _issuer, _time);
        _validator = new IdTokenValidator(_options, _documents, _time);
        (_sessions, _signIns) = Start();
    }

    public void Dispose()
    {
        _documents.Dispose();
        _client.Dispose();
        _issuer.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_sign_in_holds_without_asking_until_the_issuers_word_is_old_and_then_asks_once()
    {
        var by = await SignInAsync();
        var calls = _issuer.TokenCalls;

        _time.Advance(_options.RecheckEvery - TimeSpan.FromSeconds(1));
        Assert.Equal(by, await NowAsync(by));
        Assert.Equal(calls, _issuer.TokenCalls);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(by, await NowAsync(by));
        Assert.Equal(by, await NowAsync(by));
        Assert.Equal(calls + 1, _issuer.TokenCalls);
    }

    [Fact]
    public async Task A_role_that_is_taken_away_or_changed_is_so_at_the_next_look()
    {
        var by = await SignInAsync();

        _issuer.Roles = ["ops-viewers"];
        _time.Advance(_options.RecheckEvery);
        Assert.Equal(Role.Viewer, (await NowAsync(by))?.Role);
        Assert.Contains(_audit.Entries, e => e is { Event: "sign-in.roles", Actor: "ada@example.org", Detail: "The issuer changed the roles from admin everywhere to viewer everywhere." });

        _issuer.Roles = ["something-else"];
        _time.Advance(_options.RecheckEvery);
        Assert.Null(await NowAsync(by));
        Assert.Contains(_audit.Entries, e => e is { Event: "sign-in.end", Outcome: "refused" });

        // A role that comes back needs a new sign-in; and an approval of hers from before does not count any more.
        _issuer.Roles = ["ops-admins"];
        Assert.Null(await NowAsync(by));
        Assert.Null(await NowAsync(by with { Session = null }));
    }

    [Fact]
    public async Task An_account_that_the_issuer_refuses_is_signed_out()
    {
        var by = await SignInAsync();

        _issuer.Error = "invalid_grant";
        _time.Advance(_options.RecheckEvery);

        Assert.Null(await NowAsync(by));
        Assert.Contains(_audit.Entries, e => e is { Event: "sign-in.end", Outcome: "refused" });

        // What this person approved counts no more, also not after a restart, until the issuer takes them again.
        Assert.Null(await NowAsync(by with { Session = null }));
        (_sessions, _signIns) = Start();
        Assert.Null(await NowAsync(by with { Session = null }));
        _issuer.Error = null;
        await SignInAsync();
        Assert.Equal(Role.Admin, (await NowAsync(by with { Session = null }))?.Role);
        (_sessions, _signIns) = Start();
        Assert.Equal(Role.Admin, (await NowAsync(by with { Session = null }))?.Role);
    }

    [Fact]
    public async Task Of_two_sign_ins_the_one_that_the_issuer_still_confirms_lets_a_person_count_again()
    {
        var one = await SignInAsync();
        var other = await SignInAsync();
        _issuer.Error = "invalid_grant";
        _time.Advance(_options.RecheckEvery);
        Assert.Null(await NowAsync(one));
        Assert.Null(await NowAsync(one with { Session = null }));

        _issuer.Error = null;
        Assert.NotNull(await NowAsync(other));
        Assert.Equal(Role.Admin, (await NowAsync(one with { Session = null }))?.Role);
    }

    [Fact]
    public async Task An_answer_about_somebody_else_or_with_a_forged_token_ends_the_sign_in()
    {
        var by = await SignInAsync();
        _issuer.Subject = "sub-eve";
        _time.Advance(_options.RecheckEvery);
        Assert.Null(await NowAsync(by));

        _issuer.Subject = "sub-ada";
        by = await SignInAsync();
        using var other = System.Security.Cryptography.RSA.Create(2048);
        _issuer.Forge = claims => _issuer.Sign(claims, other);
        _time.Advance(_options.RecheckEvery);
        Assert.Null(await NowAsync(by));
    }

    [Fact]
    public async Task While_the_issuer_is_away_looking_and_stopping_go_on_for_a_while_and_nothing_else_does()
    {
        var by = await SignInAsync();
        var confirmed = _time.GetUtcNow();

        _issuer.Fault = HttpStatusCode.ServiceUnavailable;
        _time.Advance(_options.RecheckEvery);
        var away = await NowAsync(by);

        Assert.NotNull(away);
        Assert.Equal(by with { UnconfirmedSince = confirmed }, away);
        Assert.True(away.May(Permission.BoardRead) && away.May(Permission.ReleasesHalt) && away.May(Permission.ReleasesRollback) && away.May(Permission.SwitchesKill));
        Assert.False(away.May(Permission.ReleasesPromote) || away.May(Permission.ReleasesApprove) || away.May(Permission.SwitchesRestore) || away.May(Permission.PoliciesWrite));
        Assert.Equal(Role.Viewer, await _signIns.CurrentAsync(by, CancellationToken.None));

        _time.Advance(_options.AwayLimit);
        Assert.Null(await NowAsync(by));

        // Back again, it holds again.
        _issuer.Fault = null;
        _time.Advance(SignInSessions.Pause);
        await Eventually.TrueAsync(async () => await NowAsync(by) == by);
    }

    [Fact]
    public async Task An_issuer_that_hangs_is_not_waited_for_longer_than_a_moment_and_then_not_at_all()
    {
        var by = await SignInAsync();
        _issuer.Hangs = true;
        _time.Advance(_options.RecheckEvery);

        var waiting = NowAsync(by);
        await Eventually.TrueAsync(() =>
        {
            _time.Advance(SignInSessions.Patience);
            return waiting.IsCompleted;
        });
        Assert.NotNull((await waiting)!.UnconfirmedSince);

        // The call itself ends too, and is tried again; nobody waits for it any more.
        await Eventually.TrueAsync(async () =>
        {
            _time.Advance(_options.CallTimeout);
            var asked = NowAsync(by);
            return asked.IsCompleted && (await asked)!.UnconfirmedSince is not null;
        });

        _issuer.Hangs = false;
        await Eventually.TrueAsync(async () =>
        {
            _time.Advance(SignInSessions.Pause);
            return (await NowAsync(by))!.UnconfirmedSince is null;
        });
    }

    [Fact]
    public async Task A_sign_in_ends_without_use_after_its_lifetime_and_in_any_case_at_its_limit()
    {
        var unused = await SignInAsync();
        _time.Advance(_options.SessionLifetime);
        Assert.Null(await NowAsync(unused));

        var used = await SignInAsync();
        for (var passed = TimeSpan.Zero; passed + TimeSpan.FromHours(6) < _options.SessionLimit; passed += TimeSpan.FromHours(6))
        {
            Assert.NotNull(await NowAsync(used));
            _time.Advance(TimeSpan.FromHours(6));
        }

        Assert.NotNull(await NowAsync(used));
        _time.Advance(TimeSpan.FromHours(6));
        Assert.Null(await NowAsync(used));
    }

    [Fact]
    public async Task A_restart_signs_nobody_out_and_brings_nobody_back_who_had_signed_out()
    {
        var (stays, left) = (await SignInAsync(), await SignInAsync());
        _signIns.End(left.Session);

        (_sessions, _signIns) = Start();

        Assert.Equal(stays, await NowAsync(stays));
        Assert.Null(await NowAsync(left));
        _time.Advance(_options.RecheckEvery);
        Assert.Equal(stays, await NowAsync(stays));

        // What lies on the disk tells neither the sign-in nor the tokens.
        var file = Assert.Single(Directory.GetFiles(_folder, "*.session"));
        Assert.DoesNotContain(stays.Session!, file, StringComparison.Ordinal);
        Assert.DoesNotContain("refresh-", System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sign_in_that_nobody_began_holds_nowhere_and_tokens_and_the_console_are_not_asked_about()
    {
        Assert.Null(await NowAsync(new Operator("eve", Role.Admin, IsService: false) { Session = SignIns.Begin() }));

        var token = new Operator("pipeline", Role.Admin, IsService: true);
        Assert.Equal(token, await NowAsync(token));
        Assert.True(_signIns.Knows(token));
    }

    [Fact]
    public async Task Without_a_refresh_token_nobody_is_let_in()
    {
        _issuer.GivesRefreshTokens = false;

        var refused = await Assert.ThrowsAsync<IssuerRefusedException>(SignInAsync);

        Assert.Contains("offline_access", refused.Message, StringComparison.Ordinal);
    }

    private Task<Operator?> NowAsync(Operator by) => _signIns.NowAsync(by, CancellationToken.None);

    private (SignInSessions Sessions, SignIns SignIns) Start()
    {
        var sessions = new SignInSessions(
            _options, _client, _validator, new SessionFiles(_folder, _keys, NullLogger<SessionFiles>.Instance), new SignInAudit(_audit, _time, NullLogger<SignInAudit>.Instance), _time, NullLogger<SignInSessions>.Instance);
        return (sessions, new SignIns(_time, sessions, new EmergencyAccess(_options, _time)));
    }

    private async Task<Operator> SignInAsync()
    {
        var kept = "";
        var address = await _client.AuthorizeAsync(Callback, "nonce", verifier => kept = verifier, CancellationToken.None);
        var tokens = await _client.RedeemAsync(_issuer.Code(address), kept, Callback, CancellationToken.None);
        var token = await _validator.ValidateAsync(tokens.IdToken, "nonce", null, CancellationToken.None);
        return _sessions.Begin(token, RoleMapping.Map(_options, token.Values("roles"))!, tokens);
    }
}
