using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Gates;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Catalog;

namespace OpsConsole.Tests.Web.Catalog;

public sealed class CatalogBookTests : IDisposable
{
    private readonly CatalogWorld _world = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task What_is_written_waits_until_somebody_applies_it()
    {
        _world.Write(CatalogWorld.Shop);

        var standing = await _world.Book.LookAsync(Token);
        Assert.Equal(["shop: the service is added", "shop: the source shop-errors is added", "shop: the target workers is added", "shop: the target workers in production is added"], standing.Waiting.Select(w => w.Sentence));
        Assert.Null(_world.Targets.Find("workers", "production"));

        var done = Assert.IsType<RecordAnswer<CatalogVersion>.Done>(await _world.ApplyAsync());
        Assert.Equal((1, "ada", _world.Time.GetUtcNow()), (done.Value.Number, done.Value.AppliedBy, done.Value.AppliedAt));
        Assert.Equal("Cloudflare Workers", _world.Targets.Find("workers", "production")!.Capabilities.Title);
        Assert.Null(_world.Targets.Find("workers", "staging"));
        Assert.Equal("shop-errors", Assert.Single(_world.Schedule.Bindings.Values).Key);
        Assert.Equal("shop-errors", Assert.Single(_world.SourceOptions.All).Key);
        var line = Assert.Single(_world.Store.Lines);
        Assert.Equal(("catalog.apply", "ada", "Admin", "catalogue, version 1", "done"), (line.Event, line.Actor, line.Role, line.SubjectTitle, line.Outcome));
        Assert.Contains("shop: the target workers in production is added", line.Detail, StringComparison.Ordinal);

        standing = await _world.Book.LookAsync(Token);
        Assert.Equal((1, 0, (string?)null), (standing.Applied!.Number, standing.Waiting.Count, standing.Seen));
        Assert.IsType<NothingToApplyRefusal>(Against(await _world.ApplyAsync()));
    }

    [Fact]
    public async Task No_secret_is_in_what_is_shown_and_kept()
    {
        _world.Write(CatalogWorld.Shop);
        await _world.ApplyAsync();
        _world.Write(CatalogWorld.Shop.Replace("account: 0", "account: 1", StringComparison.Ordinal));
        await _world.Book.LookAsync(Token);

        var shown = string.Join('\n', _world.Store.Versions.SelectMany(v => v.Files.Select(f => f.Text).Append(v.Summary)).Concat(_world.Store.Lines.Select(l => l.Detail)))
            + string.Join('\n', _world.Book.Standing.Waiting.SelectMany(w => w.Details)) + _world.Book.Standing;
        Assert.DoesNotContain(CatalogWorld.Secret, shown, StringComparison.Ordinal);
        Assert.Contains("account: '1123456789abcdef0123456789abcdef' instead of", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("token: { secret: cloudflare }\nsources", "token: hunter-2\nsources")]
    [InlineData("token: { secret: cloudflare }\n    signals", "token: hunter-2\n    signals")]
    [InlineData("address: http://prometheus.internal:9090", "address: http://me:hunter-2@prometheus.internal:9090")]
    [InlineData("address: http://prometheus.internal:9090", "address: http://me:hunter-2/3@prometheus.internal:9090")]
    public async Task A_secret_that_was_written_out_is_not_shown_while_it_waits(string sound, string written)
    {
        _world.Write(CatalogWorld.Shop.Replace(sound, written, StringComparison.Ordinal));

        var standing = await _world.Book.LookAsync(Token);

        Assert.NotEmpty(standing.Found.Faults);
        Assert.NotEmpty(standing.Waiting);
        Assert.DoesNotContain("hunter-2", string.Join('\n', standing.Waiting.SelectMany(w => w.Details.Append(w.Sentence)).Concat(standing.Found.Faults.Select(f => f.Sentence))), StringComparison.Ordinal);
        Assert.Contains(standing.Waiting.SelectMany(w => w.Details), d => d.Contains("(not shown)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_changed_after_it_was_looked_at_is_not_applied()
    {
        _world.Write(CatalogWorld.Shop);
        var seen = (await _world.Book.LookAsync(Token)).Seen;
        _world.Write(CatalogWorld.Shop.Replace("commerce", "payments", StringComparison.Ordinal));

        Assert.IsType<CatalogChangedRefusal>(Against(await _world.Book.ApplyAsync(seen, CatalogWorld.Admin, Token)));
        Assert.IsType<CatalogChangedRefusal>(Against(await _world.Book.ApplyAsync(null, CatalogWorld.Admin, Token)));
        Assert.Empty(_world.Store.Versions);
    }

    [Fact]
    public async Task A_file_that_was_exchanged_right_after_it_was_written_is_not_applied_for_who_wrote_it()
    {
        var (held, looks, between) = (new TaskCompletionSource(), 0, Task.CompletedTask);
        _world.Store.Asking = () =>
        {
            looks++;
            if (looks == 1)
            {
                // Stands behind the first look of the adding, and before its second.
                between = _world.Book.LookAsync(Token);
            }

            return looks == 2 ? held.Task : Task.CompletedTask;
        };

        var adding = _world.Book.AddAsync(new("shop.yaml", CatalogWorld.Shop), CatalogWorld.Admin, Token);
        await Eventually.TrueAsync(() => File.Exists(Path.Combine(_world.Files.Path, "shop.yaml")));
        _world.Write(CatalogWorld.Shop.Replace("commerce", "payments", StringComparison.Ordinal));
        held.SetResult();
        await between;
        var (why, applied) = await adding;

        Assert.Null(why);
        Assert.IsType<CatalogChangedRefusal>(Against(applied!));
        Assert.Empty(_world.Store.Versions);
    }

    [Theory]
    [InlineData(Role.Viewer)]
    [InlineData(Role.OnCall)]
    [InlineData(Role.ReleaseManager)]
    public async Task Only_who_may_applies(Role role)
    {
        _world.Write(CatalogWorld.Shop);

        Assert.IsType<RoleMayNotRefusal>(Against(await _world.ApplyAsync(new Operator("lena", role, IsService: false))));
        Assert.Empty(_world.Store.Versions);
    }

    [Fact]
    public async Task One_wrong_file_keeps_everything_from_being_applied_and_looks_like_no_removal()
    {
        _world.Write(CatalogWorld.Shop);
        await _world.ApplyAsync();
        _world.Write(CatalogWorld.Shop.Replace("service: shop", "servce: shop", StringComparison.Ordinal));
        _world.Write("service: pocket\nowner: { team: apps }\nenvironments: [production]\n", "pocket.yaml");

        var standing = await _world.Book.LookAsync(Token);
        Assert.Equal(["pocket: the service is added"], standing.Waiting.Select(w => w.Sentence));
        Assert.Null(standing.Seen);
        Assert.StartsWith("Nothing is applied while something is wrong with the files: shop.yaml, line 1, column 1: 'servce'", Against(await _world.ApplyAsync()).Sentence, StringComparison.Ordinal);
        Assert.NotNull(_world.Targets.Find("workers", "production"));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_takes_nothing_away()
    {
        _world.Write(CatalogWorld.Shop);
        await _world.ApplyAsync();
        Directory.Delete(_world.Files.Path, recursive: true);

        var standing = await _world.Book.LookAsync(Token);
        Assert.StartsWith("There is no folder", standing.Missing, StringComparison.Ordinal);
        Assert.Empty(standing.Waiting);
        Assert.IsType<CatalogFolderRefusal>(Against(await _world.ApplyAsync()));
        Assert.NotNull(_world.Targets.Find("workers", "production"));
    }

    [Fact]
    public async Task What_is_taken_out_or_changed_is_in_force_at_once()
    {
        _world.Write(CatalogWorld.Shop);
        await _world.ApplyAsync();
        var before = _world.Targets.Find("workers", "production");
        _world.Write(CatalogWorld.Shop.Replace("sum(errors)", "sum(faults)", StringComparison.Ordinal));
        await _world.ApplyAsync();
        Assert.Equal("sum(faults)", _world.Schedule.Bindings["shop-errors"].Rules[0].Numerator);
        Assert.Same(before, _world.Targets.Find("workers", "production"));

        _world.Write(CatalogWorld.Shop.Replace("account: 0", "account: 1", StringComparison.Ordinal));
        await _world.ApplyAsync();
        Assert.NotSame(before, _world.Targets.Find("workers", "production"));

        _world.Delete();
        await _world.ApplyAsync();
        Assert.Null(_world.Targets.Find("workers", "production"));
        Assert.Empty(_world.Schedule.Bindings);
        Assert.Empty(_world.SourceOptions.All);
        Assert.Empty(_world.TargetOptions.FromCatalog);
        Assert.Equal(4, _world.Store.Versions.Count);
    }

    [Fact]
    public async Task A_target_keeps_its_connection_while_an_action_on_it_is_under_way()
    {
        _world.Write(CatalogWorld.Shop);
        await _world.ApplyAsync();
        var release = Sample.Release(target: "workers");
        _world.Record.Put(release);
        var action = Executing(release.Id);
        _world.Record.Put(action);
        _world.Delete();
        _world.Write(CatalogWorld.Shop.Replace("account: 0", "account: 1", StringComparison.Ordinal));

        var refusal = Against(await _world.ApplyAsync());
        Assert.Equal("Promote shop 2.15.0 is under way on workers in production, and this changes how that is connected: wait until it is done.", refusal.Sentence);
        Assert.Single(_world.Store.Versions);

        action.Move(ActionPhase.Confirmed, _world.Time.GetUtcNow(), "Done.");
        _world.Record.Put(action);
        Assert.IsType<RecordAnswer<CatalogVersion>.Done>(await _world.ApplyAsync());
    }

    [Fact]
    public async Task A_policy_that_is_not_in_the_library_keeps_a_file_from_being_applied_until_it_is()
    {
        _world.Write(CatalogWorld.Shop + "\npolicies: { production: web-canary }\n");

        Assert.Contains("There is no policy 'web-canary' in the library", Against(await _world.ApplyAsync()).Sentence, StringComparison.Ordinal);

        _world.Policies.Add("web-canary", 1, "canary:");
        Assert.IsType<RecordAnswer<CatalogVersion>.Done>(await _world.ApplyAsync());
    }

    [Fact]
    public async Task Another_console_takes_up_what_was_applied_and_a_new_one_begins_with_it()
    {
        _world.Write(CatalogWorld.Shop);
        await _world.ApplyAsync();
        using var other = new CatalogWorld(store: _world.Store);
        other.Write(CatalogWorld.Shop.Replace("commerce", "payments", StringComparison.Ordinal));

        var standing = await other.Book.LookAsync(Token);
        Assert.NotNull(other.Targets.Find("workers", "production"));
        Assert.Equal(["shop: the service is changed"], standing.Waiting.Select(w => w.Sentence));

        await other.ApplyAsync();
        await _world.Book.LookAsync(Token);
        Assert.Equal("payments", Assert.Single(_world.Book.Standing.InForce.Services).Owner.Team);
    }

    [Fact]
    public async Task What_holds_and_cannot_be_used_is_told()
    {
        _world.Write(CatalogWorld.Shop);
        await _world.ApplyAsync();
        using var other = new CatalogWorld(store: _world.Store, settings: "OpsConsole:Targets:workers:Kind=webhook\nOpsConsole:Targets:workers:Environments:production:Address=http://a\nOpsConsole:Targets:workers:Environments:production:Secret=whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");

        var standing = await other.Book.LookAsync(Token);

        Assert.Contains("connected by the configuration already (OpsConsole:Targets:workers:Environments:production)", Assert.Single(standing.InForce.Faults).Message, StringComparison.Ordinal);
        Assert.Null(other.Targets.Find("workers", "production"));
    }

    [Fact]
    public async Task Applied_at_once_is_what_looked_the_same_twice_and_does_not_take_everything()
    {
        using var world = new CatalogWorld(CatalogApply.AtOnce);
        world.Write(CatalogWorld.Shop);
        await world.Book.LookAsync(Token);
        Assert.Empty(world.Store.Versions);

        await world.Book.LookAsync(Token);
        Assert.Equal(("console", "console"), (Assert.Single(world.Store.Versions).AppliedBy, Assert.Single(world.Store.Lines).Role));

        world.Delete();
        await world.Book.LookAsync(Token);
        await world.Book.LookAsync(Token);
        Assert.True(world.Book.Standing.TakesEverything);
        Assert.Single(world.Store.Versions);
        Assert.NotNull(world.Targets.Find("workers", "production"));
    }

    [Fact]
    public async Task While_the_record_is_away_nothing_is_applied_and_everything_stays()
    {
        _world.Write(CatalogWorld.Shop);
        await _world.ApplyAsync();
        _world.Store.Away = true;

        Assert.IsType<RecordAnswer<CatalogVersion>.Unavailable>(await _world.Book.ApplyAsync("x", CatalogWorld.Admin, Token));
        Assert.NotNull(_world.Targets.Find("workers", "production"));
    }

    private static Refusal Against(RecordAnswer<CatalogVersion> answer) => Assert.Single(Assert.IsType<RecordAnswer<CatalogVersion>.Refused>(answer).Refusals);

    private ReleaseAction Executing(Guid release)
    {
        var now = _world.Time.GetUtcNow();
        var action = new ReleaseAction
        {
            Id = Guid.CreateVersion7(now), Verb = ActionVerb.Promote, ReleaseId = release, Target = "workers", RequestedBy = "anna", Role = "Admin", Reason = "because", EvidenceJson = "{}",
            EvidenceSeal = new string('a', 64), RequestedAt = now, ToExposure = 5,
        };
        action.Move(ActionPhase.Executing, now, "Begun.");
        return action;
    }
}
