using OpsConsole.Core.Gates.Migrations.Sql;
using OpsConsole.Core.Gates.Migrations.Statements;

namespace OpsConsole.Core.Gates.Migrations.Checks;

/// <summary>Tables that the script made for certain. In doubt a table is not its own: then the gravest is said of it.</summary>
/// <remarks>
/// Whatever a statement does to all tables at once (ending a transaction, moving the search path) counts up a number that each table is held against when it is asked for,
/// so that no statement ever walks over the tables of those before it.
/// </remarks>
internal sealed class OwnTables
{
    /// <summary>By name and then by schema, because a table may be named with its schema or without.</summary>
    private Dictionary<string, Dictionary<string, Made>> _tables = [];
    private Dictionary<string, Made> _temporary = [];
    private int _transaction;
    private int _names;
    private bool _mayBeSkipped;
    private bool _namesMoved;

    /// <summary>Tables that were looked at, one look each: what the work is measured by.</summary>
    public long Looks { get; private set; }

    public bool Contains(SqlName table) => IsTemporary(table) || Find(table) is not null;

    public bool IsFresh(SqlName table) => !IsTemporary(table) && Find(table) is { InTransaction: true } made && made.Transaction == _transaction;

    /// <summary>A name without a schema means a temporary table before any other.</summary>
    public bool IsTemporary(SqlName table)
    {
        Looks++;
        return table.Schema is null or "pg_temp" && _temporary.TryGetValue(table.Name, out var made) && (!made.InTransaction || made.Transaction == _transaction);
    }

    /// <summary>True for settings that decide which table a name without a schema means.</summary>
    public static bool MovesNames(SettingStep setting) => setting.Name is "search_path" or "schema" or "role" or "authorization" or "session_authorization";

    public void Follow(Step step, bool inTransaction)
    {
        switch (step)
        {
            case CreateTableStep create:
                Make(create, inTransaction);
                break;
            case DropStep { Kind: "table" } drop:
                drop.Names.ToList().ForEach(Remove);
                break;
            case DropStep { Kind: "schema" or "database" or "owned" } or TransactionStep { Move: TransactionMove.Rollback }
                or OtherStep { Words: "rollback to" or "rollback prepared" or "use" or "discard" or "reset" }:
            case TransactionStep when step.Statement.Lead.Is("prepare"):
            case OtherStep other when other.Words.EndsWith("schema", StringComparison.Ordinal) || other.Words.EndsWith(" rename", StringComparison.Ordinal):
                _tables = [];
                _temporary = [];
                break;
            case OtherStep { Words: "return" or "goto" or "throw" }:
                _mayBeSkipped = true;
                break;
            case SettingStep setting when MovesNames(setting):
                _namesMoved = true;
                _names++;
                break;
            case AlterTableStep alter when alter.Changes.Any(c => c is RenameTable or SwitchPartition || (c is OtherChange o && Moves(o.Words))):
                Remove(alter.Table);
                break;
        }
    }

    public void EndTransaction()
    {
        _transaction++;
        if (_namesMoved)
        {
            _names++;
        }
    }

    private static bool Moves(string words) => words.Contains("schema", StringComparison.Ordinal) || words.Contains("attach", StringComparison.Ordinal) || words.Contains("inherit", StringComparison.Ordinal);

    private Made? Find(SqlName table)
    {
        Looks++;
        return _tables.TryGetValue(table.Name, out var schemas) && schemas.TryGetValue(table.Schema ?? "", out var made) && (table.Schema is not null || made.Names == _names) ? made : null;
    }

    private void Make(CreateTableStep create, bool inTransaction)
    {
        if (create.IfNotExists || create.Foreign || create.IsGuarded || create.IsTried || _mayBeSkipped || (create.OnCommitDrop && !inTransaction))
        {
            return;
        }

        Looks++;
        if (create.Temporary || create.Table.Schema == "pg_temp")
        {
            _temporary[create.Table.Name] = new(create.OnCommitDrop, _transaction, _names);
            return;
        }

        if (!_tables.TryGetValue(create.Table.Name, out var schemas))
        {
            _tables[create.Table.Name] = schemas = [];
        }

        schemas[create.Table.Schema ?? ""] = new(inTransaction, _transaction, _names);
    }

    private void Remove(SqlName table)
    {
        if (IsTemporary(table))
        {
            _temporary.Remove(table.Name);
            return;
        }

        // With or without its schema, it may be the same table.
        Looks++;
        _tables.Remove(table.Name);
    }

    /// <summary>How a table was made.</summary>
    /// <param name="InTransaction">In a transaction that was open; of a temporary table: it goes with the transaction.</param>
    /// <param name="Transaction">Number of that transaction.</param>
    /// <param name="Names">How often names had changed their meaning by then.</param>
    private sealed record Made(bool InTransaction, int Transaction, int Names);
}
