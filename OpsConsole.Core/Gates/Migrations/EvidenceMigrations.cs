using OpsConsole.Core.Gates.Evidence;

namespace OpsConsole.Core.Gates.Migrations;

/// <summary>Reads migration SQL for evidence: the analysis in the words of the gates.</summary>
public sealed class EvidenceMigrations : IMigrationReader
{
    public MigrationReading Read(string sql, bool sqlServer)
    {
        var report = MigrationAnalysis.Of(sql, MigrationOptions.Default with { Dialect = sqlServer ? SqlDialect.SqlServer : SqlDialect.Postgres });
        return new(report.Class, report.IsComplete, report.Advice.Sentence, [.. report.Findings.Select(f => new MigrationRisk(Weight(f.Severity), f.Code, f.Line, f.Sentence))])
        {
            HasStatements = report.Statements > 0 || !report.IsComplete,
            AutomaticBlocked = report.Advice.AutomaticBlocked,
            LosesData = report.Irreversible.Any(s => s.Effect == RollbackEffect.DataLost),
        };
    }

    private static MigrationWeight Weight(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Info => MigrationWeight.Note,
        FindingSeverity.Warning => MigrationWeight.Warning,
        _ => MigrationWeight.Grave,
    };
}
