using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Storage;
using OpsConsole.Core.Storage.Mappings;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Storage;

/// <summary>What can be known of both providers without a connection: model, scripts, and that every question of the stores can be asked.</summary>
public sealed class ProviderModelTests
{
    public static TheoryData<string> Providers => new("postgres", "sqlserver");

    public static TheoryData<string, string> Queries
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var query in Questions.Keys)
            {
                all.Add("postgres", query);
                all.Add("sqlserver", query);
            }

            return all;
        }
    }

    private static ReleaseQuery Everything { get; } = new()
    {
        Search = "shop 2.15", Service = "shop", Target = "gateway", Environment = "production", Owner = "commerce",
        Phase = ReleasePhase.Done, From = Sample.Noon, To = Sample.Noon, Skip = 100,
    };

    private static AuditQuery WholeAudit { get; } = new() { Actor = "a", Event = "b", Outcome = "c", Subject = "d", From = Sample.Noon, To = Sample.Noon, Skip = 50 };

    private static Dictionary<string, Func<OpsConsoleDbContext, string>> Questions { get; } = new()
    {
        ["live"] = c => ReleaseQueries.Live(c).ToQueryString(),
        ["latest ended"] = c => ReleaseQueries.LatestEnded(c).ToQueryString(),
        ["live at a place"] = c => ReleaseQueries.LiveAt(c, "shop", "gateway", "production").ToQueryString(),
        ["page"] = c => ReleaseQueries.Newest(ReleaseQueries.Matching(c, Everything), Everything).ToQueryString(),
        ["digest"] = c => ReleaseQueries.Digests(c, "shop", "gateway", "2.15.0").ToQueryString(),
        ["timeline"] = c => ReleaseQueries.Timeline(c, Guid.NewGuid(), 10).ToQueryString(),
        ["event by key"] = c => c.ReleaseEvents.Where(e => EF.Property<Guid>(e, AppendKey.Name) == Guid.Empty).ToQueryString(),
        ["actions in flight"] = c => ActionStore.InFlight(c).ToQueryString(),
        ["actions of a release"] = c => ActionStore.OfRelease(c, Guid.NewGuid()).ToQueryString(),
        ["latest actions"] = c => ActionStore.Latest(c, [Guid.NewGuid(), Guid.NewGuid()]).ToQueryString(),
        ["confirmed actions"] = c => ActionStore.Confirmed(c, "gateway", ActionVerb.Promote).ToQueryString(),
        ["confirmed without target"] = c => ActionStore.Confirmed(c, null, ActionVerb.Kill).ToQueryString(),
        ["audit"] = c => AuditStore.Newest(AuditStore.Matching(c, WholeAudit), WholeAudit).ToQueryString(),
        ["links of the audit"] = c => AuditChainStore.Links(c, 10, 100).ToQueryString(),
        ["audit without link"] = c => AuditChainStore.Unlinked(c).OrderBy(a => a.Id).Take(10).ToQueryString(),
        ["end of the audit"] = c => AuditChaining.Head(c).ToQueryString(),
        ["latest policies"] = c => PolicyStore.Latest(c).ToQueryString(),
        ["versions of a policy"] = c => PolicyStore.Versions(c, "web").ToQueryString(),
        ["one version"] = c => PolicyStore.One(c, "web", 3).ToQueryString(),
        ["change sets"] = c => ChangeStore.Of(c, [Guid.NewGuid(), Guid.NewGuid()]).ToQueryString(),
        ["rollouts"] = c => RolloutStore.Of(c, [Guid.NewGuid(), Guid.NewGuid()]).ToQueryString(),
        ["running recoveries"] = c => RecoveryStore.Running(c).ToQueryString(),
        ["recoveries of a release"] = c => RecoveryStore.ForRelease(c, Guid.NewGuid()).ToQueryString(),
        ["latest recoveries"] = c => RecoveryStore.Latest(c, 50).ToQueryString(),
        ["written recovery"] = c => RecoveryStore.IsWritten(c, new() { Id = Guid.NewGuid(), ReleaseId = Guid.NewGuid(), Service = "shop", Target = "gateway", Environment = "production", Version = "1", Fault = default, Signal = "errors", OnsetAt = Sample.Noon, DetectedAt = Sample.Noon }).ToQueryString(),
        ["switches"] = c => SwitchStore.All(c).ToQueryString(),
        ["propagations"] = c => PropagationStore.Latest(c, null, 200).ToQueryString(),
        ["propagations of a flag"] = c => PropagationStore.Latest(c, "f", 10).ToQueryString(),
        ["switches in environments"] = c => SwitchStore.Environments(c, "recommendations").ToQueryString(),
        ["actions of a switch"] = c => ActionStore.OfSwitch(c, "recommendations").Take(50).ToQueryString(),
        ["flag clients"] = c => FlagClientStore.Newest(c).ToQueryString(),
        ["flag client in force"] = c => FlagClientStore.InForce(c, Guid.NewGuid()).ToQueryString(),
        ["flag client used before"] = c => FlagClientStore.UsedBefore(c, Guid.NewGuid(), Sample.Noon).ToQueryString(),
        ["flag clients that changed"] = c => FlagClientStore.ChangedSince(c, Sample.Noon).ToQueryString(),
        ["service tokens"] = c => ServiceTokenStore.Newest(c, shortLived: false, 500).ToQueryString(),
        ["service tokens that count"] = c => ServiceTokenStore.Counting(c, Sample.Noon).ToQueryString(),
        ["service tokens that changed"] = c => ServiceTokenStore.ChangedSince(c, Sample.Noon, Sample.Noon).ToQueryString(),
        ["service token in force"] = c => ServiceTokenStore.InForce(c, Guid.NewGuid()).ToQueryString(),
        ["service tokens issued from one"] = c => ServiceTokenStore.IssuedFrom(c, Guid.NewGuid()).ToQueryString(),
        ["service token used before"] = c => ServiceTokenStore.UsedBefore(c, Guid.NewGuid(), Sample.Noon).ToQueryString(),
        ["short-lived tokens that are over"] = c => ServiceTokenStore.OverBefore(c, Sample.Noon).ToQueryString(),
        ["thinned points"] = c => SignalHistoryStore.Thinned(c, Guid.NewGuid(), Sample.Noon, 300).ToQueryString(),
        ["points in a span"] = c => SignalHistoryStore.Span(c, Guid.NewGuid(), Sample.Noon, Sample.Noon, 100).ToQueryString(),
        ["newest analyses"] = c => AnalysisStore.Newest(c, Guid.NewGuid()).Take(1).ToQueryString(),
        ["oldest analysis kept"] = c => AnalysisStore.OldestKept(c, Guid.NewGuid()).ToQueryString(),
        ["oldest points"] = c => SignalHistoryStore.Oldest(c, Sample.Noon, 100).ToQueryString(),
        ["objectives"] = c => SloStore.All(c).ToQueryString(),
        ["counted events"] = c => SloStore.Oldest(c, "checkout").ToQueryString(),
        ["counted events there"] = c => SloStore.There(c, [new() { Slo = "checkout", Version = "", WidthSeconds = 300, Start = Sample.Noon, Good = 1, Total = 1, CoveredSeconds = 1 }]).ToQueryString(),
        ["aged events"] = c => SloStore.Aged(c, "checkout", 300, Sample.Noon).ToQueryString(),
        ["firing alerts"] = c => SloStore.Firing(c).ToQueryString(),
        ["newest alerts"] = c => SloStore.Newest(c, "checkout", 10).ToQueryString(),
        ["approvals of actions"] = c => ApprovalStore.Words(c, [Guid.NewGuid()]).ToQueryString(),
        ["approvals decided"] = c => ApprovalStore.Decided(c, 20).ToQueryString(),
        ["waivers of a release"] = c => WaiverStore.OfRelease(c, Guid.NewGuid()).ToQueryString(),
        ["windows"] = c => WindowStore.NotEnded(c).ToQueryString(),
        ["rejected in force"] = c => RejectedArtifactStore.InForce(c, ["sha256:aa"]).ToQueryString(),
        ["rejected newest"] = c => RejectedArtifactStore.Newest(c, 10).ToQueryString(),
        ["points between"] = c => SignalHistoryStore.Between(c, [new(Guid.NewGuid(), new("p99_latency"), default, Sample.Noon, 1, 1)]).ToQueryString(),
    };

    [Theory]
    [MemberData(nameof(Queries))]
    public void Every_question_of_the_stores_translates(string provider, string query)
    {
        using var context = Context(provider);

        var sql = Questions[query](context);

        Assert.Contains("SELECT", sql, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public void The_migrations_make_the_model_as_it_is(string provider)
    {
        using var context = Context(provider);

        Assert.False(context.Database.HasPendingModelChanges(), "The model has changed: add a migration for both providers.");
        Assert.NotEmpty(context.Database.GetMigrations());
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public void Scripts_are_made_and_can_be_run_again(string provider)
    {
        using var context = Context(provider);

        var create = context.Database.GenerateCreateScript();
        var again = context.GetService<IMigrator>().GenerateScript(options: MigrationsSqlGenerationOptions.Idempotent);

        Assert.Contains("signal_points", create, StringComparison.Ordinal);
        Assert.Contains("IF NOT EXISTS", again, StringComparison.Ordinal);
        Assert.Contains("audit_append_only", again, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public void Tables_and_columns_have_the_same_names_and_relations_cascade_nowhere(string provider)
    {
        using var context = Context(provider);
        using var postgres = Context("postgres");

        Assert.Equal(Columns(postgres), Columns(context));
        Assert.All(context.Model.GetEntityTypes().SelectMany(e => e.GetForeignKeys()), key => Assert.Equal(DeleteBehavior.NoAction, key.DeleteBehavior));
        Assert.All(Columns(context), name => Assert.Matches(@"\A[a-z_]+\.[a-z0-9_]+\z", name));
    }

    [Fact]
    public void Instants_are_kept_at_microseconds_on_both()
    {
        using var server = Context("sqlserver");
        using var postgres = Context("postgres");

        Assert.Equal("datetimeoffset(6)", server.Model.FindEntityType(typeof(Release))!.FindProperty(nameof(Release.RegisteredAt))!.GetColumnType());
        Assert.Equal("timestamp(6) with time zone", postgres.Model.FindEntityType(typeof(Release))!.FindProperty(nameof(Release.RegisteredAt))!.GetColumnType());
        Assert.Equal(Sample.Noon.AddTicks(-7), InstantConverter.ToMicroseconds(Sample.Noon.ToOffset(TimeSpan.FromHours(2))));
    }

    [Fact]
    public void A_build_without_what_SQL_Server_needs_says_so_in_one_sentence()
    {
        var contexts = new OpsConsoleDbContextFactory();
#if COMPLETE_REGISTRY
        contexts.Connect(DatabaseProvider.SqlServer, "Server=localhost");
#else
        var stopped = Assert.Throws<StorageStartException>(() => contexts.Connect(DatabaseProvider.SqlServer, "Server=localhost"));
        Assert.Contains("CompleteRegistry=true", stopped.Message, StringComparison.Ordinal);
#endif
    }

    private static OpsConsoleDbContext Context(string provider) => provider == "sqlserver"
        ? new SqlServerOpsConsoleDbContext(DatabaseOptions.SqlServer("Server=localhost;Database=opsconsole"))
        : new PostgresOpsConsoleDbContext(DatabaseOptions.Postgres("Host=localhost;Database=opsconsole"));

    private static List<string> Columns(OpsConsoleDbContext context) =>
    [
        .. context.GetService<IDesignTimeModel>().Model.GetRelationalModel().Tables
            .SelectMany(t => t.Columns.Select(c => $"{t.Name}.{c.Name}")).Order(StringComparer.Ordinal),
    ];
}
