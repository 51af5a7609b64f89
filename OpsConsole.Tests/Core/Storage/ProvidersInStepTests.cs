using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using OpsConsole.Core.Storage;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Storage;

/// <summary>Both providers have the same schema, and SQL Server 2019 takes it.</summary>
public sealed class ProvidersInStepTests
{
    /// <summary>Bytes that SQL Server takes in a clustered key and in any other index.</summary>
    private const int WidestKey = 900, WidestIndex = 1_700;

    private static IRelationalModel Postgres => Providers.Postgres().GetService<IDesignTimeModel>().Model.GetRelationalModel();

    private static IRelationalModel SqlServer => Providers.SqlServer().GetService<IDesignTimeModel>().Model.GetRelationalModel();

    [Fact]
    public void Migrations_have_the_same_names() =>
        Assert.Equal(Providers.Postgres().Database.GetMigrations(), Providers.SqlServer().Database.GetMigrations());

    [Fact]
    public void Indexes_keys_and_relations_are_the_same()
    {
        Assert.Equal(Shape(Postgres), Shape(SqlServer));

        static List<string> Shape(IRelationalModel model) =>
        [
            .. model.Tables.SelectMany(t => t.Indexes.Select(i => $"{t.Name}: index {i.Name} ({string.Join(", ", i.Columns.Select(c => c.Name))}){(i.IsUnique ? " unique" : "")}")
                .Concat(t.UniqueConstraints.Select(u => $"{t.Name}: key {u.Name} ({string.Join(", ", u.Columns.Select(c => c.Name))})"))
                .Concat(t.ForeignKeyConstraints.Select(f => $"{t.Name}: relation {f.Name} {f.OnDeleteAction}"))
                .Concat(t.Columns.Select(c => $"{t.Name}.{c.Name}{(c.IsNullable ? " or nothing" : "")}"))).Order(StringComparer.Ordinal),
        ];
    }

    [Fact]
    public void A_unique_index_leaves_out_rows_without_a_value_as_on_PostgreSQL()
    {
        var unfiltered = SqlServer.Tables.SelectMany(t => t.Indexes).Where(i => i.IsUnique && i.Columns.Any(c => c.IsNullable) && i.Filter is null);

        Assert.Empty(unfiltered.Select(i => i.Name));
    }

    [Fact]
    public void Every_instant_is_kept_at_microseconds_on_both()
    {
        var instants = Columns(SqlServer).Where(c => c.StoreType.StartsWith("datetime", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(instants);
        Assert.All(instants, c => Assert.Equal("datetimeoffset(6)", c.StoreType));
        Assert.Equal(instants.Select(Name), Columns(Postgres).Where(c => c.StoreType.StartsWith("time", StringComparison.Ordinal)).Select(Name));
        Assert.All(Columns(Postgres).Where(c => c.StoreType.StartsWith("time", StringComparison.Ordinal)), c => Assert.Equal("timestamp(6) with time zone", c.StoreType));
    }

    [Fact]
    public void Keys_and_indexes_are_narrow_enough_for_SQL_Server()
    {
        Assert.All(SqlServer.Tables, t =>
        {
            Assert.InRange(t.PrimaryKey!.Columns.Sum(Bytes), 1, WidestKey);
            Assert.All(t.Indexes, i => Assert.True(i.Columns.Sum(Bytes) <= WidestIndex, $"{i.Name} takes {i.Columns.Sum(Bytes)} bytes."));
        });

        static int Bytes(IColumn column) => column.StoreType switch
        {
            "bigint" or "float" => 8,
            "int" => 4,
            "bit" => 1,
            "uniqueidentifier" => 16,
            "datetimeoffset(6)" => 10,
            var text when text.StartsWith("nvarchar(", StringComparison.Ordinal) && int.TryParse(text["nvarchar(".Length..^1], out var length) => 2 * length,
            var other => throw new InvalidOperationException($"{Name(column)} is {other}: SQL Server has no index over it."),
        };
    }

    [Fact]
    public void At_most_one_cascade_leads_to_any_table()
    {
        var cascades = SqlServer.Tables.SelectMany(t => t.ForeignKeyConstraints).Where(f => f.OnDeleteAction is ReferentialAction.Cascade or ReferentialAction.SetNull).GroupBy(f => f.Table.Name);

        Assert.All(cascades, c => Assert.Single(c));
    }

    [Fact]
    public void SQL_Server_is_asked_for_one_result_at_a_time_and_for_nothing_after_2019()
    {
        using var context = new SqlServerOpsConsoleDbContext(DatabaseOptions.SqlServer("Server=localhost;Database=opsconsole;MultipleActiveResultSets=true"));

        Assert.False(new SqlConnectionStringBuilder(context.Database.GetConnectionString()).MultipleActiveResultSets);
        Assert.DoesNotContain("GREATEST", context.Releases.Select(r => Math.Max(r.StageIndex, r.Revision)).ToQueryString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_opens_an_ambient_transaction()
    {
        var offenders = new[] { "OpsConsole.Core", "OpsConsole.Web" }.SelectMany(p => Repository.Files(p, ".cs"))
            .Where(file => File.ReadAllText(file) is var text && (text.Contains("TransactionScope", StringComparison.Ordinal) || text.Contains("System.Transactions", StringComparison.Ordinal)));

        Assert.Empty(offenders);
    }

    private static IEnumerable<IColumn> Columns(IRelationalModel model) => model.Tables.SelectMany(t => t.Columns).OrderBy(Name, StringComparer.Ordinal);

    private static string Name(IColumn column) => $"{column.Table.Name}.{column.Name}";
}
