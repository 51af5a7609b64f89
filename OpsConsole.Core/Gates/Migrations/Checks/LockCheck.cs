using OpsConsole.Core.Gates.Migrations.Rules;
using OpsConsole.Core.Gates.Migrations.Statements;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Gates.Migrations.Checks;

/// <summary>What makes others wait for long: indexes, upkeep and locks, tables' own changes left out.</summary>
internal static class LockCheck
{
    private const int RepackSince = 19;

    public static void See(Step step, ScriptState state, Findings findings)
    {
        switch (step)
        {
            case CreateIndexStep index:
                Index(index, state, findings);
                break;
            case ReindexStep { Concurrently: false, Kind: not "system" } reindex:
                findings.Add(state.IsPostgres ? LockRules.ReindexNotConcurrent : LockRules.IndexNotOnline, step, step.Statement.Start, $"The {reindex.Kind}");
                break;
            case VacuumStep { Full: true }:
                Rewrites(step, "VACUUM FULL", state, findings);
                break;
            case OtherStep { Words: "cluster" }:
                Rewrites(step, "CLUSTER", state, findings);
                break;
            case OtherStep { Words: "lock" } locks:
                findings.Add(LockRules.LockTable, step, step.Statement.Start, $"{locks.Subject}");
                break;
            case OtherStep { Words: "refresh" } when !Says(step, "concurrently"):
                findings.Add(LockRules.LongLock, step, step.Statement.Start, "REFRESH MATERIALIZED VIEW without CONCURRENTLY");
                break;
            case OtherStep { Words: "repack" } when !Says(step, "concurrently"):
                findings.Add(LockRules.LongLock, step, step.Statement.Start, "REPACK without CONCURRENTLY");
                break;
            case OtherStep other when other.Words.StartsWith("dbcc shrink", StringComparison.Ordinal):
                findings.Add(LockRules.Shrink, step, step.Statement.Start, other.Words.ToUpperInvariant());
                break;
        }
    }

    private static void Index(CreateIndexStep index, ScriptState state, Findings findings)
    {
        findings.AtLeast(state.IsTemporary(index.Table) ? MigrationClass.None : MigrationClass.Expand);
        if (state.IsFresh(index.Table) || index.Concurrently || index.Online)
        {
            return;
        }

        findings.Add(state.IsPostgres ? LockRules.IndexNotConcurrent : LockRules.IndexNotOnline, index, index.Table, state.IsOwn(index.Table));
    }

    private static void Rewrites(Step step, string what, ScriptState state, Findings findings)
    {
        findings.Add(LockRules.LongLock, step, step.Statement.Start, what);
        if (state.Options.ServerVersion is null or >= RepackSince)
        {
            findings.Add(LockRules.PreferRepack, step, step.Statement.Start, what);
        }
    }

    private static bool Says(Step step, string word)
    {
        var c = step.Statement.Read();
        for (var i = 0; i < 8; i++)
        {
            if (c.Ahead(i).Is(word))
            {
                return true;
            }
        }

        return false;
    }
}
