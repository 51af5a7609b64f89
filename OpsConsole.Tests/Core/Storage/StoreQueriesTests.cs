using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Recovery;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Slos;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Storage;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Storage;

/// <summary>Every query that a store names is found by what it returns and asked of both providers: one that is added is tested without being listed.</summary>
public sealed class StoreQueriesTests
{
    /// <summary>Function names of SQL Server 2022 and later.</summary>
    private static readonly string[] TooNew = ["GREATEST(", "LEAST(", "DATE_BUCKET(", "DATETRUNC(", "GENERATE_SERIES(", "JSON_OBJECT(", "JSON_ARRAY(", "JSON_ARRAYAGG(", "IS DISTINCT FROM", "APPROX_PERCENTILE", "LEFT_SHIFT(", "REGEXP_", "STRING_SPLIT("];

    private static readonly List<MethodInfo> Named =
    [
        .. typeof(OpsConsoleDbContext).Assembly.GetTypes().Where(t => t.Namespace == typeof(OpsConsoleDbContext).Namespace)
            .SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(m => typeof(IQueryable).IsAssignableFrom(m.ReturnType) && !m.Name.StartsWith('<')),
    ];

    public static TheoryData<string, string> Queries => [.. Named.SelectMany(m => new[] { ("PostgreSQL", Name(m)), ("SqlServer", Name(m)) })];

    [Theory]
    [MemberData(nameof(Queries))]
    public void Every_named_query_can_be_asked(string provider, string query)
    {
        using var context = provider == "SqlServer" ? Providers.SqlServer() : Providers.Postgres();
        var method = Named.Single(m => Name(m) == query);

        var sql = ((IQueryable)method.Invoke(null, [.. method.GetParameters().Select(p => Any(p, context))])!).ToQueryString();

        Assert.Contains("SELECT", sql, StringComparison.Ordinal);
        if (provider == "SqlServer")
        {
            Assert.All(TooNew, word => Assert.DoesNotContain(word, sql, StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public void What_SQL_Server_cannot_answer_is_found()
    {
        using var postgres = Providers.Postgres();
        Assert.Throws<InvalidOperationException>(() => SqlServerTranslation.Translate(postgres.Releases.Where(r => EF.Functions.ILike(r.Service, "a%")).Expression));
        SqlServerTranslation.Translate(postgres.Releases.Where(r => r.Service == "a").Expression);
    }

    private static string Name(MethodInfo method) => $"{method.DeclaringType!.Name}.{method.Name}({string.Join(", ", method.GetParameters().Select(p => p.Name))})";

    private static object? Any(ParameterInfo parameter, OpsConsoleDbContext context)
    {
        var type = parameter.ParameterType;
        return type switch
        {
            _ when type == typeof(OpsConsoleDbContext) => context,
            _ when type == typeof(IQueryable<Release>) => context.Releases,
            _ when type == typeof(IQueryable<AuditEntry>) => context.Audit,
            _ when type == typeof(string) => "shop",
            _ when type == typeof(Guid) => Guid.NewGuid(),
            _ when type == typeof(DateTimeOffset) => Sample.Noon,
            _ when type == typeof(int) || type == typeof(int?) => 10,
            _ when type == typeof(long) => 10L,
            _ when type == typeof(bool) => true,
            _ when type.IsEnum => Enum.GetValues(type).GetValue(0),
            _ when type == typeof(ReleaseQuery) => new ReleaseQuery { Search = "shop 2", Service = "shop", Target = "gateway", Environment = "production", Owner = "commerce", Phase = ReleasePhase.Done, From = Sample.Noon, To = Sample.Noon, Skip = 10 },
            _ when type == typeof(AuditQuery) => new AuditQuery { Actor = "a", Event = "b, e", Outcome = "c", Subject = "d", From = Sample.Noon, To = Sample.Noon, Skip = 10 },
            _ when type == typeof(EvidenceItem) || type == typeof(RecoveryClock) => RuntimeHelpers.GetUninitializedObject(type),
            _ when type.IsAssignableFrom(typeof(List<Guid>)) => new List<Guid> { Guid.NewGuid(), Guid.NewGuid() },
            _ when type.IsAssignableFrom(typeof(List<string>)) => new List<string> { "sha256:aa", "sha256:bb" },
            _ when type.IsAssignableFrom(typeof(List<SloWindow>)) => new List<SloWindow> { new() { Slo = "checkout", Version = "", WidthSeconds = 300, Start = Sample.Noon, Good = 1, Total = 1, CoveredSeconds = 1 } },
            _ when type.IsAssignableFrom(typeof(List<SignalPoint>)) => new List<SignalPoint> { new(Guid.NewGuid(), new("p99_latency"), default, Sample.Noon, 1, 1) },
            _ => throw new NotSupportedException($"Say here what {parameter.Member.Name} is to be asked with for {parameter.Name}, a {type}."),
        };
    }
}
