using OpsConsole.Core.Gates.Migrations.Sql;
using OpsConsole.Core.Gates.Migrations.Statements;

namespace OpsConsole.Core.Gates.Migrations.Checks;

/// <summary>What is known at a place of the script from what stands before it.</summary>
internal sealed class ScriptState(MigrationOptions options, int statements, IReadOnlySet<string> indexed)
{
    private readonly OwnTables _own = new();
    private Dictionary<(string Table, string Column), HashSet<string>> _newColumns = [];
    private HashSet<string> _pending = [];

    /// <summary>Tables of its own that were looked at, one look each.</summary>
    public long Looks => _own.Looks;

    public MigrationOptions Options { get; } = options;

    public bool IsPostgres => Options.Dialect == SqlDialect.Postgres;

    /// <summary>Statements of the whole script.</summary>
    public int Statements { get; } = statements;

    /// <summary>Columns for which the script makes an index somewhere.</summary>
    public IReadOnlySet<string> Indexed { get; } = indexed;

    public bool InTransaction { get; private set; } = options.AssumeInTransaction;

    /// <summary>The transaction here is the one that the tool puts around the script.</summary>
    public bool IsAssumed { get; private set; } = options.AssumeInTransaction;

    public ConstraintsSeen Constraints { get; } = new();

    /// <summary>The table was made in the transaction that is open here: nobody else can use it yet.</summary>
    public bool IsFresh(SqlName table) => _own.IsFresh(table) || IsTemporary(table);

    /// <summary>The table was made by this script for certain, and is still there under this name.</summary>
    public bool IsOwn(SqlName table) => _own.Contains(table) || IsTemporary(table);

    public bool IsTemporary(SqlName table) => _own.IsTemporary(table) || (!IsPostgres && (table.Name.StartsWith('#') || table.At.Kind == SqlTokenKind.Variable));

    /// <summary>Follows which tables and columns are the script's own, behind a step that was judged.</summary>
    public void Follow(Step step)
    {
        _own.Follow(step, InTransaction);
        switch (step)
        {
            case TransactionStep { Move: TransactionMove.Rollback } or OtherStep { Words: "rollback to" or "rollback prepared" or "use" or "return" or "goto" or "throw" } or SettingStep or DropStep:
                if (step is not SettingStep setting || OwnTables.MovesNames(setting))
                {
                    _newColumns = [];
                    Constraints.Forget();
                }

                break;
            case AlterTableStep alter:
                foreach (var change in alter.Changes)
                {
                    Columns(alter, change);
                }

                break;
        }
    }

    /// <summary>The column was added by this script for certain.</summary>
    public bool IsNewColumn(SqlName table, string column) => _newColumns.TryGetValue((table.Name, column), out var schemas) && schemas.Contains(table.Schema ?? "");

    private void Columns(AlterTableStep alter, TableChange change)
    {
        var gone = change switch { DropColumn drop => drop.Column, RenameColumn rename => rename.From, _ => null };
        if (gone is not null)
        {
            _newColumns.Remove((alter.Table.Name, gone));
        }
        else if (change is AddColumn { IfNotExists: false } add && !alter.IsGuarded && !alter.IsTried)
        {
            var key = (alter.Table.Name, add.Column.Name.Text);
            if (!_newColumns.TryGetValue(key, out var schemas))
            {
                _newColumns[key] = schemas = [];
            }

            schemas.Add(alter.Table.Schema ?? "");
        }
        else if (change is RenameTable)
        {
            _newColumns = [];
        }
    }

    /// <summary>A constraint was added NOT VALID in the transaction that is open here.</summary>
    public void AddPending(SqlName table, string constraint)
    {
        if (InTransaction)
        {
            _pending.Add(Key(table, constraint));
        }
    }

    public bool IsPending(SqlName table, string constraint) => _pending.Contains(Key(table, constraint));

    public void Begin() => InTransaction = true;

    public void End(bool chain)
    {
        InTransaction = chain;
        IsAssumed = false;
        _own.EndTransaction();
        _pending = [];
    }

    private static string Key(SqlName table, string name) => table.Name + "\n" + name;
}

/// <summary>Constraints that the script adds, validates and drops.</summary>
internal sealed class ConstraintsSeen
{
    private Dictionary<string, string?> _added = [];
    private readonly Dictionary<string, int> _dropped = [];
    private HashSet<string> _notNull = [];
    private readonly HashSet<string> _validatedElsewhere = [];

    public void Add(SqlName table, string name, string? notNullColumn, bool isValid)
    {
        _added[Key(table, name)] = notNullColumn;
        if (isValid && notNullColumn is not null)
        {
            _notNull.Add(Key(table, notNullColumn));
        }
    }

    public void Validate(SqlName table, string name)
    {
        if (!_added.TryGetValue(Key(table, name), out var column))
        {
            _validatedElsewhere.Add(table.Name);
        }
        else if (column is not null)
        {
            _notNull.Add(Key(table, column));
        }
    }

    /// <summary>A validated check proves that the column has no null: one of this script, or one of before it of which only the name is known.</summary>
    public bool ProvesNotNull(SqlName table, string column) => _notNull.Contains(Key(table, column)) || _validatedElsewhere.Contains(table.Name);

    public bool IsOwn(SqlName table, string name) => _added.ContainsKey(Key(table, name));

    /// <summary>What was added may be gone again.</summary>
    public void Forget()
    {
        _added = [];
        _notNull = [];
    }

    public void DropIfExists(SqlName table, string name) => _dropped[Key(table, name)] = _dropped.GetValueOrDefault(Key(table, name)) + 1;

    /// <summary>True when the constraint was dropped IF EXISTS since it was last added: then it can be added again and again.</summary>
    public bool TakeDropped(SqlName table, string name)
    {
        var there = _dropped.GetValueOrDefault(Key(table, name));
        _dropped[Key(table, name)] = 0;
        return there > 0;
    }

    private static string Key(SqlName table, string name) => table.Name + "\n" + name;
}
