using OpsConsole.Core.Access;
using OpsConsole.Core.Access.Tokens;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Board;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Access;

/// <summary>Making, revoking and exchanging service tokens.</summary>
public sealed class ServiceTokenDeskTests
{
    private static readonly Operator Ann = new("ann", Role.Admin, IsService: false);
    private static readonly string[] Exchanging = ["*:tokens:exchange", "production:releases:promote", "production:releases:halt"];

    private readonly FakeTime _time = new();
    private readonly InMemoryServiceTokens _stored = new();
    private readonly InMemoryRecord _record = new();
    private readonly ServiceTokenTable _table;
    private readonly ServiceTokenDesk _desk;
    private readonly TokenExchange _exchange;

    public ServiceTokenDeskTests()
    {
        _table = new ServiceTokenTable(_time);
        _desk = new ServiceTokenDesk(_stored, _table, new FlagEnvironments(new ReleaseBoard(_time), new SwitchBoard(), new FlagClientTable(_time)), new SignedInRoles(), _time);
        _exchange = new TokenExchange(_stored, _table, _desk, _record, new SignedInRoles(), _time);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_acts_in_its_scope_until_its_end_and_only_its_hash_is_kept()
    {
        var made = await MakeAsync("ci", ["production:releases:promote"], days: 2);

        Assert.Matches("^opst_[0-9a-f]{64}$", made.Secret);
        Assert.Equal(ServiceTokenTable.Hash(made.Secret), _stored.Tokens.Single().TokenHash);
        Assert.DoesNotContain(made.Secret, string.Join(' ', _stored.Lines.Select(l => l.Detail)), StringComparison.Ordinal);
        Assert.Equal(("ann", "token.create", "service token ci", "done"), (_stored.Lines[0].Actor, _stored.Lines[0].Event, _stored.Lines[0].SubjectTitle, _stored.Lines[0].Outcome));
        var by = _table.Find(made.Secret)!.Operator;
        Assert.Equal(("ci", Role.Service, true), (by.Name, by.Role, by.IsService));
        Assert.True(by.In("production").May(Permission.ReleasesPromote));

        _time.Advance(TimeSpan.FromDays(2) - TimeSpan.FromSeconds(1));
        Assert.NotNull(_table.Find(made.Secret));
        Assert.True(made.Token.ExpiresSoonAt(_time.GetUtcNow()));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(_table.Find(made.Secret));
        Assert.False(_table.Counts(made.Token.Id));
        Assert.Null(_table.ByName("ci"));
    }

    [Fact]
    public async Task Ninety_days_where_nothing_is_said() =>
        Assert.Equal(_time.GetUtcNow().AddDays(90), (await MakeAsync("ci", ["*:board:read"])).Token.ExpiresAt);

    [Theory]
    [InlineData(0)]
    [InlineData(366)]
    [InlineData(-1)]
    public async Task It_ends_within_a_year(int days) => Assert.IsType<TokenLifeRefusal>(Assert.Single(await RefusedAsync("ci", ["*:board:read"], days)));

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("Bootstrap")]
    [InlineData("console")]
    [InlineData("taken")]
    [InlineData("TAKEN")]
    public async Task A_name_tells_it_apart(string name)
    {
        await MakeAsync("taken", ["*:board:read"]);

        Assert.Single(await RefusedAsync(name, ["*:board:read"]));
        Assert.Single(_stored.Tokens);
    }

    [Fact]
    public async Task A_mistyped_environment_is_refused_and_a_new_one_has_to_be_said()
    {
        var refusal = Assert.Single(await RefusedAsync("ci", ["prodution:releases:promote"]));
        Assert.Contains("did you mean production?", refusal.Sentence, StringComparison.Ordinal);

        Assert.IsType<RecordAnswer<NewServiceToken>.Done>(await _desk.CreateAsync(new("ci", ["prodution:releases:promote"], NewEnvironment: true), Ann, Token));
    }

    [Theory]
    [InlineData(Role.Viewer)]
    [InlineData(Role.OnCall)]
    [InlineData(Role.ReleaseManager)]
    public async Task Only_admins_make_and_revoke(Role role)
    {
        var made = await MakeAsync("ci", ["*:board:read"]);
        var by = new Operator("someone", role, IsService: false);

        Assert.IsType<RecordAnswer<NewServiceToken>.Refused>(await _desk.CreateAsync(new("other", ["*:board:read"]), by, Token));
        Assert.IsType<RecordAnswer<ServiceToken>.Refused>(await _desk.RevokeAsync(made.Token.Id, null, by, Token));
        Assert.True(_table.Counts(made.Token.Id));
    }

    [Fact]
    public async Task A_token_makes_no_tokens_whatever_its_scope()
    {
        var made = await MakeAsync("ci", [.. PermissionTable.Rows.Where(r => r.Roles.Contains(Role.Service)).Select(r => $"*:{r.Name}")]);

        Assert.IsType<RecordAnswer<NewServiceToken>.Refused>(await _desk.CreateAsync(new("other", ["*:board:read"]), _table.Find(made.Secret)!.Operator, Token));
    }

    [Fact]
    public async Task Revoked_it_stops_at_once_with_what_was_issued_from_it()
    {
        var made = await MakeAsync("ci", Exchanging);
        var issued = await IssueAsync(made.Secret, "run 1");
        List<Guid> told = [];
        _table.Revoked += told.Add;

        Assert.IsType<RecordAnswer<ServiceToken>.Done>(await _desk.RevokeAsync(made.Token.Id, "leaked", Ann, Token));

        Assert.Null(_table.Find(made.Secret));
        Assert.Null(_table.Find(issued.Secret));
        Assert.Equal([made.Token.Id, issued.Token.Id], told);
        Assert.All(_stored.Tokens, t => Assert.Equal("ann", t.RevokedBy));
        Assert.Equal("leaked", _stored.Lines[^1].Reason);
        Assert.IsType<RecordAnswer<ServiceToken>.Refused>(await _desk.RevokeAsync(made.Token.Id, null, Ann, Token));
        Assert.IsType<RecordAnswer<ServiceToken>.NotFound>(await _desk.RevokeAsync(Guid.NewGuid(), null, Ann, Token));
    }

    [Fact]
    public async Task What_another_console_revoked_counts_no_more_after_the_next_look()
    {
        var made = await MakeAsync("ci", Exchanging);
        made.Token.Revoke("bob", _time.GetUtcNow());

        _table.Load(await _stored.ChangedSinceAsync(default, Token));

        Assert.Null(_table.Find(made.Secret));
        _table.Load([.. _stored.Tokens.Select(t => new ServiceToken { Id = t.Id, Name = t.Name, TokenHash = t.TokenHash, Scopes = t.Scopes, CreatedAt = t.CreatedAt, CreatedBy = t.CreatedBy, ExpiresAt = t.ExpiresAt })]);
        Assert.Null(_table.Find(made.Secret));
    }

    [Fact]
    public async Task Without_the_record_nothing_is_made_or_revoked()
    {
        var made = await MakeAsync("ci", Exchanging);
        _stored.Away = true;

        Assert.IsType<RecordAnswer<NewServiceToken>.Unavailable>(await _desk.CreateAsync(new("other", ["*:board:read"]), Ann, Token));
        Assert.IsType<RecordAnswer<ServiceToken>.Unavailable>(await _desk.RevokeAsync(made.Token.Id, null, Ann, Token));
        Assert.IsType<RecordAnswer<NewServiceToken>.Unavailable>(await ExchangeAsync(made.Secret, new()));
        Assert.NotNull(_table.Find(made.Secret));
    }

    [Fact]
    public async Task A_flood_of_refused_exchanges_is_one_line_a_minute()
    {
        var made = await MakeAsync("ci", Exchanging);
        for (var i = 0; i < 30; i++)
        {
            Assert.IsType<RecordAnswer<NewServiceToken>.Refused>(await ExchangeAsync(made.Secret, new($"run {i}", ["*:releases:promote"])));
        }

        Assert.Single(_record.Audit, e => e.Outcome == "refused");
        _time.Advance(RecordPace.Pause);
        await ExchangeAsync(made.Secret, new("run", ["*:releases:promote"]));
        Assert.EndsWith("29 more were left out since 12:00:00 UTC.", _record.Audit[^1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refused_exchanges_that_asked_for_something_else_are_each_on_record_and_one_that_could_not_be_written_is_due_again()
    {
        var made = await MakeAsync("ci", Exchanging);
        _record.AuditAway = true;
        Assert.IsType<RecordAnswer<NewServiceToken>.Unavailable>(await ExchangeAsync(made.Secret, new("run", ["*:releases:promote"])));

        _record.AuditAway = false;
        foreach (var scope in new[] { "*:releases:promote", "*:releases:halt", "*:releases:halt" })
        {
            Assert.IsType<RecordAnswer<NewServiceToken>.Refused>(await ExchangeAsync(made.Secret, new("run", [scope])));
        }

        var refused = _record.Audit.Where(e => e.Outcome == "refused").ToList();
        Assert.Equal(2, refused.Count);
        Assert.EndsWith("1 more was left out since 12:00:00 UTC.", refused[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_token_is_nobodys_also_where_another_has_its_name()
    {
        var signIns = new OpsConsole.Web.Identity.SignIns(_time, _table);
        var first = await MakeAsync("ci", Exchanging);
        var asked = _table.Find((await IssueAsync(first.Secret, "run 1")).Secret)!.Operator;
        Assert.Equal(first.Token.Id, asked.IssuedFrom);
        await _desk.RevokeAsync(first.Token.Id, null, Ann, Token);
        await MakeAsync("ci", Exchanging);

        Assert.Null(await signIns.NowAsync(new Operator("ci/run 1", Role.Service, IsService: true) { Token = asked.IssuedFrom }, Token));
    }

    [Fact]
    public async Task Exchanged_for_a_narrower_one_that_lives_minutes_and_not_longer_than_itself()
    {
        var made = await MakeAsync("ci", Exchanging, days: 1);

        var usual = await IssueAsync(made.Secret, "run 1");
        Assert.Equal(("ci/run 1", "production:releases:halt production:releases:promote", _time.GetUtcNow().AddMinutes(15)), (usual.Token.Name, usual.Token.Scopes, usual.Token.ExpiresAt));
        Assert.Equal((made.Token.Id, true), (usual.Token.IssuedFrom, usual.Token.IsShortLived));
        var narrow = Assert.IsType<RecordAnswer<NewServiceToken>.Done>(await ExchangeAsync(made.Secret, new(Scope: ["production:releases:halt"], Minutes: 60))).Value;
        Assert.False(_table.Find(narrow.Secret)!.Operator.May(Permission.ReleasesPromote));

        _time.Advance(TimeSpan.FromMinutes(15));
        Assert.Null(_table.Find(usual.Secret));
        Assert.Equal(made.Token.Id, _table.ByName("ci/run 1")!.Token);
        _time.Advance(TimeSpan.FromHours(23) + TimeSpan.FromMinutes(40));
        Assert.Equal(made.Token.ExpiresAt, (await IssueAsync(made.Secret, "late")).Token.ExpiresAt);
    }

    [Theory]
    [InlineData("*:releases:promote", 15)]
    [InlineData("staging:releases:promote", 15)]
    [InlineData("production:releases:rollback", 15)]
    [InlineData("*:tokens:exchange", 15)]
    [InlineData("production:releases:halt", 61)]
    [InlineData("production:releases:halt", 0)]
    public async Task Nothing_wider_or_longer_is_had_for_it_and_the_try_is_on_record(string grant, int minutes)
    {
        var made = await MakeAsync("ci", Exchanging);

        Assert.IsType<RecordAnswer<NewServiceToken>.Refused>(await ExchangeAsync(made.Secret, new(Scope: [grant], Minutes: minutes)));

        Assert.Single(_stored.Tokens);
        var line = Assert.Single(_record.Audit);
        Assert.Equal(("ci", "Service", "token.exchange", "refused"), (line.Actor, line.Role, line.Event, line.Outcome));
    }

    [Fact]
    public async Task Not_every_token_can_be_exchanged_and_none_twice()
    {
        var without = await MakeAsync("build", ["production:releases:register"]);
        var issued = await IssueAsync((await MakeAsync("ci", Exchanging)).Secret, "run 1");

        Assert.IsType<RecordAnswer<NewServiceToken>.Refused>(await ExchangeAsync(without.Secret, new()));
        Assert.IsType<RecordAnswer<NewServiceToken>.Refused>(await ExchangeAsync(issued.Secret, new()));
        Assert.IsType<RecordAnswer<NewServiceToken>.Refused>(await _exchange.ExchangeAsync(new(Scope: ["*:board:read"]), Ann, Token));
    }

    private async Task<NewServiceToken> MakeAsync(string name, IReadOnlyList<string> scope, int? days = null) =>
        Assert.IsType<RecordAnswer<NewServiceToken>.Done>(await _desk.CreateAsync(new(name, scope, days), Ann, Token)).Value;

    private async Task<IReadOnlyList<OpsConsole.Core.Actions.Gate.Refusal>> RefusedAsync(string name, IReadOnlyList<string> scope, int? days = null) =>
        Assert.IsType<RecordAnswer<NewServiceToken>.Refused>(await _desk.CreateAsync(new(name, scope, days), Ann, Token)).Refusals;

    private Task<RecordAnswer<NewServiceToken>> ExchangeAsync(string secret, ExchangeTokenCommand command) => _exchange.ExchangeAsync(command, _table.Find(secret)!.Operator, Token);

    private async Task<NewServiceToken> IssueAsync(string secret, string label) => Assert.IsType<RecordAnswer<NewServiceToken>.Done>(await ExchangeAsync(secret, new(label))).Value;
}
