using System.Globalization;
using OpsConsole.Core.Gates.Migrations.Rules;
using OpsConsole.Core.Gates.Migrations.Sql;
using OpsConsole.Core.Gates.Migrations.Statements;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Gates.Migrations.Checks;

/// <summary>Gathers what rules find, and makes the report of it.</summary>
internal sealed class Findings(SqlScript script)
{
    private const int MaxSubject = 80;

    private readonly List<Entry> _entries = [];
    private readonly HashSet<(string Code, int At)> _seen = [];

    private int? _mayRemoveAt;

    public MigrationClass Class { get; private set; }

    /// <summary>False once a part of the script was not judged.</summary>
    public bool IsComplete { get; set; } = true;

    /// <summary>A step of the script is at least of this class, whether anything is found about it or not.</summary>
    public void AtLeast(MigrationClass least) => Class = least > Class ? least : Class;

    /// <summary>A part that could not be read names a removal: the class is that of the worst it may do.</summary>
    /// <param name="at">Offset of the part.</param>
    public void MayRemove(int at)
    {
        AtLeast(MigrationClass.Contract);
        _mayRemoveAt ??= at;
    }

    /// <summary>Adds a finding.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="step">The step it is about.</param>
    /// <param name="at">Offset that it points to.</param>
    /// <param name="subject">What the rule's sentence is about.</param>
    /// <param name="mild">True where it concerns only what the script itself made, which the previous version does not know.</param>
    public void Add(MigrationRule rule, Step step, int at, string subject, bool mild = false)
    {
        if (!_seen.Add((rule.Code, at)))
        {
            return;
        }

        AtLeast(mild ? MigrationClass.Expand : rule.Class);
        _entries.Add(new Entry(
            rule, step.Statement, at, subject,
            mild ? FindingSeverity.Info : rule.Severity,
            mild && rule.Effect > RollbackEffect.PreviousVersionWorks ? RollbackEffect.PreviousVersionWorks : rule.Effect));
    }

    public void Add(MigrationRule rule, Step step, SqlToken at, string subject, bool mild = false) => Add(rule, step, at.Start, subject, mild);

    public void Add(MigrationRule rule, Step step, SqlName subject, bool mild = false) => Add(rule, step, step.Statement.Start, subject.ToString(), mild);

    /// <summary>Makes the report.</summary>
    /// <param name="looks">What was looked at besides the tokens of the script.</param>
    public MigrationReport Report(long looks)
    {
        var kept = _entries.OrderByDescending(e => e.Severity).ThenBy(e => e.At).Take(MigrationLimits.MaxFindings)
            .OrderBy(e => e.At).ThenByDescending(e => e.Severity).ThenBy(e => e.Rule.Code, StringComparer.Ordinal).Select(Finding).ToList();
        var irreversible = _entries.Where(e => e.Effect >= RollbackEffect.DataLost).OrderBy(e => e.At).ToList();
        return new MigrationReport
        {
            Dialect = script.Dialect,
            Class = Class,
            IsComplete = IsComplete,
            Statements = Counted,
            Findings = kept,
            FindingsLeftOut = _entries.Count - kept.Count,
            Irreversible = [.. irreversible.Take(MigrationLimits.MaxFindings).Select(e => new IrreversibleStep(e.Rule.Code, script.Place(e.At).Line, e.Statement.Excerpt, e.Effect))],
            Advice = Advice(irreversible),
            Looks = script.Looks + looks,
        };
    }

    /// <summary>The report of a script that is not read at all.</summary>
    public static MigrationReport Refused(SqlDialect dialect, string sentence)
    {
        var rule = ReadingRules.TooLarge;
        return new MigrationReport
        {
            Dialect = dialect,
            Class = MigrationClass.None,
            IsComplete = false,
            Statements = 0,
            Findings = [new MigrationFinding(rule.Code, rule.Severity, 1, 1, "", Sentence(rule, sentence), rule.Effect, rule.Instead)],
            FindingsLeftOut = 0,
            Irreversible = [],
            Advice = new RollbackAdvice(true, "What the migration does is not known, because it was not read: only a person may decide to go back."),
        };
    }

    /// <summary>Commands to the program are no statements.</summary>
    private int Counted => script.Statements.Count(s => s.Lead.Kind != SqlTokenKind.Meta);

    private RollbackAdvice Advice(List<Entry> irreversible)
    {
        if (IsComplete && Counted == 0)
        {
            return new RollbackAdvice(true, "There is no statement in it, so that nothing is known of the migration: only a person may decide to go back.");
        }

        if (irreversible.Find(e => e.Effect == RollbackEffect.DataLost && e.Rule.Class == MigrationClass.Contract) is { } lost)
        {
            return new RollbackAdvice(true, $"The migration removes data (line {Line(lost)}: {lost.Rule.Code}), and going back does not bring it back: go forward with a correction, or restore a backup.");
        }

        if (_mayRemoveAt is { } unread && !_entries.Exists(e => e.Severity > FindingSeverity.Info && e.Rule.Class == MigrationClass.Contract))
        {
            return new RollbackAdvice(true, $"A part that could not be judged (line {script.Place(unread).Line}) names a removal or an alteration, and counts as one: go forward with a correction, or submit SQL that can be read.");
        }

        if (Class == MigrationClass.Contract)
        {
            var step = _entries.Where(e => e.Severity > FindingSeverity.Info).OrderByDescending(e => e.Rule.Class).ThenBy(e => e.At).FirstOrDefault();
            var where = step is null ? "" : $" (line {Line(step)}: {step.Rule.Code})";
            return new RollbackAdvice(true, $"The migration takes away what the previous version uses{where}: go forward with a correction.");
        }

        if (irreversible.Find(e => e.Effect == RollbackEffect.DataLost) is { } rows && IsComplete)
        {
            return new RollbackAdvice(true, $"The migration deletes or overwrites rows (line {Line(rows)}: {rows.Rule.Code}), and going back does not bring them back: only a person may decide to go back.");
        }

        if (irreversible.Find(e => e.Effect == RollbackEffect.CannotRollBack) is { } unknown)
        {
            return new RollbackAdvice(true, $"Not everything in the migration can be judged or undone (line {Line(unknown)}: {unknown.Rule.Code}): only a person may decide to go back.");
        }

        if (!IsComplete)
        {
            return new RollbackAdvice(true, "A part of the migration was not judged: only a person may decide to go back.");
        }

        return new RollbackAdvice(false, Class switch
        {
            MigrationClass.None => "The migration does not change the schema: going back concerns the application alone.",
            MigrationClass.Expand => "The migration only adds: the previous version keeps working with it.",
            _ => _entries.Exists(e => e.Effect == RollbackEffect.PreviousVersionMayBreak)
                ? "Nothing is removed, so going back is possible; look at the findings that say the previous version may break."
                : "The migration moves data and removes nothing: the previous version keeps working with it.",
        });
    }

    private int Line(Entry entry) => script.Place(entry.At).Line;

    private MigrationFinding Finding(Entry e)
    {
        var (line, column) = script.Place(e.At);
        return new MigrationFinding(e.Rule.Code, e.Severity, line, column, e.Statement.Excerpt, Sentence(e.Rule, e.Subject), e.Effect, e.Rule.Instead);
    }

    private static string Sentence(MigrationRule rule, string subject)
    {
        var shown = rule.Sentence is "{0}" || rule == ReadingRules.NotRead || rule == ReadingRules.TooLarge || subject.Length <= MaxSubject ? subject : subject[..MaxSubject] + "…";
        return string.Format(CultureInfo.InvariantCulture, rule.Sentence, shown);
    }

    private sealed record Entry(MigrationRule Rule, SqlStatement Statement, int At, string Subject, FindingSeverity Severity, RollbackEffect Effect);
}
