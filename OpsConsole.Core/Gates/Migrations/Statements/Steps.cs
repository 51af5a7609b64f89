using OpsConsole.Core.Gates.Migrations.Sql;

namespace OpsConsole.Core.Gates.Migrations.Statements;

/// <summary>What a statement does, as far as rules ask for it.</summary>
internal abstract record Step
{
    /// <summary>The statement, for where it is and how it reads.</summary>
    public SqlStatement Statement { get; init; } = null!;

    /// <summary>True where a condition of the script decides whether it runs at all (<c>IF NOT EXISTS (…)</c> before it in Transact-SQL).</summary>
    public bool IsGuarded { get; set; }

    /// <summary>True inside of BEGIN TRY: a failure of it does not end the script.</summary>
    public bool IsTried { get; set; }
}

/// <summary>A statement that could not be read.</summary>
internal sealed record Unreadable(int At, string Sentence) : Step;

/// <summary>A statement that runs other code, which the script does not show as statements.</summary>
internal sealed record UnseenCode(string What) : Step;

/// <summary>A command to the program that runs the script.</summary>
internal sealed record MetaCommand(string Text, bool IsHarmless) : Step;

/// <summary>What is known of a statement is how it begins; <paramref name="Words"/> are its first words.</summary>
internal sealed record OtherStep(string Words) : Step
{
    /// <summary>What it is about, where that is a name.</summary>
    public SqlName? Subject { get; init; }
}

internal enum TransactionMove
{
    Begin,
    Commit,
    Rollback,
}

internal sealed record TransactionStep(TransactionMove Move, bool AndChain) : Step;

/// <summary><c>SET name = value</c>; the value is null for the default.</summary>
internal sealed record SettingStep(string Name, string? Value, bool IsLocal) : Step;

/// <summary>Objects that a CREATE makes, tables and indexes left out.</summary>
internal sealed record CreateStep(string Kind, SqlName? Name, bool OrReplace, bool IfNotExists) : Step
{
    public bool Temporary { get; init; }

    /// <summary>Names of the columns a view gives, where they are told by its text.</summary>
    public IReadOnlyList<SqlToken> Columns { get; init; } = [];

    public DomainRules Domain { get; init; }
}

/// <summary>What a new domain demands of its values.</summary>
[Flags]
internal enum DomainRules
{
    None = 0,
    Check = 1,
    NotNull = 2,
}

/// <summary>A column's type: its words, and what comes after them.</summary>
internal sealed record ColumnType(string Name, bool HasLength, SqlToken At);

internal sealed record ColumnPart(SqlToken Name, ColumnType? Type)
{
    public bool NotNull { get; set; }

    public SqlRange? Default { get; set; }

    public bool PrimaryKey { get; set; }

    public bool Unique { get; set; }

    public bool References { get; set; }

    public bool Check { get; set; }

    public bool GeneratedStored { get; set; }

    public bool GeneratedVirtual { get; set; }

    public bool Identity { get; set; }

    public bool UsingIndex { get; set; }
}

internal enum ConstraintKind
{
    Check,
    ForeignKey,
    Unique,
    PrimaryKey,
    Exclude,
    NotNull,
    Default,
}

internal sealed record ConstraintPart(ConstraintKind Kind, string? Name, SqlToken At)
{
    public bool NotValid { get; set; }

    public bool UsingIndex { get; set; }

    /// <summary>The column of which the constraint says that it is not null.</summary>
    public string? NotNullColumn { get; init; }
}

internal sealed record CreateTableStep(SqlName Table) : Step
{
    public bool Temporary { get; init; }

    public bool Foreign { get; init; }

    public bool IfNotExists { get; init; }

    public bool OnCommitDrop { get; init; }

    public bool IsCopyOfRows { get; init; }

    public IReadOnlyList<ColumnPart> Columns { get; init; } = [];

    public IReadOnlyList<ConstraintPart> Constraints { get; init; } = [];

    /// <summary>Names of the columns, those of a query's answer included where its text tells them.</summary>
    public IReadOnlyList<SqlToken> Names { get; init; } = [];
}

internal sealed record CreateIndexStep(SqlName? Name, SqlName Table) : Step
{
    public bool Concurrently { get; init; }

    /// <summary><c>WITH (ONLINE = ON)</c>.</summary>
    public bool Online { get; init; }

    public bool IfNotExists { get; init; }

    /// <summary>Names in the index's column list, expressions included.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];
}

internal sealed record ReindexStep(string Kind, bool Concurrently) : Step;

internal sealed record DropStep(string Kind, IReadOnlyList<SqlName> Names) : Step
{
    public bool IfExists { get; init; }

    public bool Concurrently { get; init; }

    public bool Cascade { get; init; }
}

internal sealed record TruncateStep(IReadOnlyList<SqlName> Tables, bool Cascade) : Step;

/// <summary>The condition of a change of rows.</summary>
/// <param name="Columns">Names in it that may be columns.</param>
/// <param name="IsAlwaysTrue">It is there for show: <c>WHERE true</c>, <c>WHERE 1 = 1</c>.</param>
internal sealed record RowCondition(IReadOnlyList<string> Columns, bool IsAlwaysTrue);

internal sealed record UpdateStep(SqlName Table, IReadOnlyList<SqlToken> Assigned, RowCondition? Where) : Step
{
    /// <summary>It takes rows from, or is limited by, another part: <c>TOP (n)</c>, <c>FROM</c>.</summary>
    public bool IsLimited { get; init; }
}

internal sealed record DeleteStep(SqlName Table, RowCondition? Where) : Step
{
    public bool IsLimited { get; init; }
}

internal sealed record InsertStep(SqlName Table, IReadOnlyList<SqlToken> Columns) : Step
{
    /// <summary>It copies what a query over another table answers.</summary>
    public bool FromTable { get; init; }

    /// <summary>The query has a condition or a limit.</summary>
    public bool IsLimited { get; init; }

    /// <summary>Columns that ON CONFLICT DO UPDATE sets.</summary>
    public IReadOnlyList<SqlToken> OnConflict { get; init; } = [];
}

internal sealed record MergeStep(SqlName Table, IReadOnlyList<IReadOnlyList<SqlToken>> Lists, bool Deletes, bool DeletesUnmatched) : Step
{
    /// <summary>Rows that are there are overwritten.</summary>
    public bool Updates { get; init; }
}

internal sealed record VacuumStep(bool Full) : Step;

internal sealed record AlterTypeStep(SqlName Type, bool AddsValue, bool HasPlace, bool IfNotExists, bool Renames) : Step;

internal sealed record AlterDomainStep(SqlName Domain, bool AddsConstraint, bool NotValid) : Step;

internal sealed record AlterTableStep(SqlName Table, bool IfExists, IReadOnlyList<TableChange> Changes) : Step;

/// <summary>One change of an ALTER TABLE.</summary>
internal abstract record TableChange(SqlToken At);

internal sealed record AddColumn(SqlToken At, ColumnPart Column, bool IfNotExists) : TableChange(At);

internal sealed record DropColumn(SqlToken At, string Column, bool IfExists) : TableChange(At);

internal sealed record ChangeType(SqlToken At, string Column, ColumnType Type, bool SetsNotNull) : TableChange(At);

internal sealed record SetNotNull(SqlToken At, string Column) : TableChange(At);

internal sealed record DropNotNull(SqlToken At, string Column) : TableChange(At);

internal sealed record SetDefault(SqlToken At, string Column) : TableChange(At);

internal sealed record DropDefault(SqlToken At, string Column) : TableChange(At);

internal sealed record AddConstraint(SqlToken At, ConstraintPart Constraint) : TableChange(At);

internal sealed record DropConstraint(SqlToken At, string Name, bool IfExists) : TableChange(At);

internal sealed record ValidateConstraint(SqlToken At, string Name) : TableChange(At);

/// <summary><c>CHECK CONSTRAINT</c> and <c>NOCHECK CONSTRAINT</c> of Transact-SQL.</summary>
internal sealed record TrustConstraint(SqlToken At, bool Checks, bool WithCheck) : TableChange(At);

internal sealed record RenameTable(SqlToken At, string To) : TableChange(At);

internal sealed record RenameColumn(SqlToken At, string From, string To) : TableChange(At);

internal sealed record RenameConstraint(SqlToken At, string From) : TableChange(At);

internal sealed record DetachPartition(SqlToken At, string Partition, bool Concurrently) : TableChange(At);

internal sealed record SwitchPartition(SqlToken At) : TableChange(At);

/// <summary>A change that moves or rewrites the whole table.</summary>
internal sealed record RewriteTable(SqlToken At, string What) : TableChange(At);

/// <summary>Enabling or disabling of row level security, triggers and rules.</summary>
internal sealed record ToggleGuard(SqlToken At, string What) : TableChange(At);

/// <summary>A change of settings that neither takes long nor concerns what versions read and write.</summary>
internal sealed record OtherChange(SqlToken At, string Words) : TableChange(At);

/// <summary>Thrown while a statement is read, where it cannot be.</summary>
internal sealed class UnreadableException(SqlToken at, string sentence) : Exception(sentence)
{
    public int At { get; } = at.Start;
}
