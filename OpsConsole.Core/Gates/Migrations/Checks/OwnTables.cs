using OpsConsole.Core.Gates.Migrations.Sql;
using OpsConsole.Core.Gates.Migrations.Statements;

namespace OpsConsole.Core.Gates.Migrations.Checks;

/// <summary>Tables that the script made for certain. In doubt a table is not its own: then the gravest is said of it.</summary>
internal sealed class OwnTables
{
    private readonly Dictionary<(string Schema, string Name), bool> _tables = [];
    private readonly Dictionary<string, bool> _temporary = [];
    private bool _mayBeSkipped;
    private bool _namesMoved;

    public bool Contains(SqlName table) => IsTemporary(table) || _tables.ContainsKey(Key(table));

    public bool IsFresh(SqlName table) => !IsTemporary(table) && _tables.GetValueOrDefault(Key(table));

    /// <summary>A name without a schema means a temporary table before any other.</summary>
    public bool IsTemporary(SqlName table) => table.Schema is null or "pg_temp" && _temporary.ContainsKey(table.Name);

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
                _tables.Clear();
                _temporary.Clear();
                break;
            case OtherStep { Words: "return" or "goto" or "throw" }:
                _mayBeSkipped = true;
                break;
            case SettingStep setting when MovesNames(setting):
                _namesMoved = true;
                ForgetUnqualified();
                break;
            case AlterTableStep alter when alter.Changes.Any(c => c is RenameTable or SwitchPartition || (c is OtherChange o && Moves(o.Words))):
                Remove(alter.Table);
                break;
        }
    }

    public void EndTransaction()
    {
        foreach (var table in _tables.Keys.ToList())
        {
            _tables[table] = false;
        }

        foreach (var (table, _) in _temporary.Where(t => t.Value).ToList())
        {
            _temporary.Remove(table);
        }

        if (_namesMoved)
        {
            ForgetUnqualified();
        }
    }

    private static bool Moves(string words) => words.Contains("schema", StringComparison.Ordinal) || words.Contains("attach", StringComparison.Ordinal) || words.Contains("inherit", StringComparison.Ordinal);

    private static (string Schema, string Name) Key(SqlName table) => (table.Schema ?? "", table.Name);

    private void Make(CreateTableStep create, bool inTransaction)
    {
        if (create.IfNotExists || create.Foreign || create.IsGuarded || create.IsTried || _mayBeSkipped || (create.OnCommitDrop && !inTransaction))
        {
            return;
        }

        if (create.Temporary || create.Table.Schema == "pg_temp")
        {
            _temporary[create.Table.Name] = create.OnCommitDrop;
        }
        else
        {
            _tables[Key(create.Table)] = inTransaction;
        }
    }

    private void Remove(SqlName table)
    {
        if (IsTemporary(table))
        {
            _temporary.Remove(table.Name);
            return;
        }

        // With or without its schema, it may be the same table.
        foreach (var same in _tables.Keys.Where(k => k.Name == table.Name).ToList())
        {
            _tables.Remove(same);
        }
    }

    private void ForgetUnqualified()
    {
        foreach (var table in _tables.Keys.Where(k => k.Schema.Length == 0).ToList())
        {
            _tables.Remove(table);
        }
    }
}
