namespace OpsConsole.Core.Gates.Migrations.Sql;

/// <summary>Finds where statements end in Transact-SQL, where semicolons are optional: at them, at <c>GO</c>, and where a line begins with a word that can only begin a statement.</summary>
internal static class ServerSplitter
{
    private static readonly HashSet<string> Beginnings =
    [
        "alter", "create", "drop", "truncate", "insert", "update", "delete", "merge", "exec", "execute", "declare", "set", "if", "while", "begin", "end", "else",
        "commit", "rollback", "save", "select", "print", "use", "grant", "revoke", "deny", "dbcc", "raiserror", "throw", "return", "waitfor", "backup", "restore", "bulk",
        "enable", "disable", "open", "close", "fetch", "deallocate", "kill", "reconfigure", "goto",
    ];

    private static readonly HashSet<string> ToEndOfBatch = ["procedure", "proc", "function", "trigger", "view"];

    public static (IReadOnlyList<SqlStatement> Statements, IReadOnlyList<SqlFault> Faults) Split(SqlScript script)
    {
        var tokens = script.Tokens;
        var statements = new List<SqlStatement>();
        var current = new Current(tokens, 0);
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (token.Kind is SqlTokenKind.Batch or SqlTokenKind.Meta)
            {
                Close(i, i + 1);
                if (token.Kind == SqlTokenKind.Meta)
                {
                    statements.Add(new SqlStatement(script, i, i + 1));
                }
            }
            else if (token.Is(';') && !current.IsWholeBatch)
            {
                Close(i, i + 1);
            }
            else
            {
                if (current.EndsBefore(i))
                {
                    Close(i, i);
                }

                current.See(i);
            }
        }

        Close(tokens.Count, tokens.Count);
        return (statements, []);

        void Close(int end, int next)
        {
            if (end > current.First)
            {
                statements.Add(new SqlStatement(script, current.First, end) { Fault = current.Fault });
            }

            current = new Current(tokens, next);
        }
    }

    /// <summary>The statement that is being read.</summary>
    private sealed class Current(IReadOnlyList<SqlToken> tokens, int first)
    {
        private int _depth;
        private int _cases;
        private int _openedAt;
        private bool _hasSet;
        private bool _hasRows;
        private bool _hasAction;
        private SqlFault? _fault;

        public int First => first;

        /// <summary>True for what takes the rest of its batch as its body.</summary>
        public bool IsWholeBatch { get; private set; }

        public SqlFault? Fault => _fault ?? (_depth > 0 ? new SqlFault(_openedAt, "A parenthesis is opened here and never closed.") : null);

        private SqlToken Lead => tokens[first];

        /// <summary>True when the token at an index begins another statement.</summary>
        public bool EndsBefore(int index)
        {
            var token = tokens[index];
            if (index == first || IsWholeBatch || _cases > 0 || token.Kind != SqlTokenKind.Word || !Beginnings.Contains(token.Text))
            {
                return false;
            }

            var before = tokens[index - 1];
            if (_depth > 0)
            {
                // Inside parentheses only what can stand there in no query ends the statement: the parenthesis was never closed.
                return token.FirstOnLine && token.IsAny("alter", "create", "drop", "truncate", "exec") && !before.Is('(');
            }

            if (Lead.IsAny("if", "while", "else", "begin", "end"))
            {
                return !(Lead.Is("if") && before.Is("if")) && !IsBlockWord(before, token);
            }

            return token.FirstOnLine && !Continues(before, token);
        }

        public void See(int index)
        {
            var token = tokens[index];
            if (token.Is('('))
            {
                Open(token);
            }
            else if (token.Is(')') && --_depth < 0)
            {
                _depth = 0;
                _fault ??= new SqlFault(token.Start, "A parenthesis is closed here that was never opened.");
            }
            else if (token.Kind == SqlTokenKind.Word)
            {
                SeeWord(index, token);
            }
        }

        private void Open(SqlToken token)
        {
            if (_depth++ == 0)
            {
                _openedAt = token.Start;
            }

            if (_depth > MigrationLimits.MaxNesting)
            {
                _fault ??= new SqlFault(token.Start, $"Parentheses are nested more than {MigrationLimits.MaxNesting} deep here.");
            }
        }

        private void SeeWord(int index, SqlToken token)
        {
            if (token.Text == "case")
            {
                _cases++;
            }
            else if (token.Text == "end" && _cases > 0)
            {
                _cases--;
            }

            if (_depth > 0 || index == first)
            {
                return;
            }

            _hasSet |= token.Text == "set";
            _hasRows |= token.IsAny("select", "values", "exec", "execute", "update", "delete", "insert", "merge", "default");
            _hasAction |= Lead.Is("alter") && index > first + 2 && token.IsAny("add", "alter", "drop", "with", "set", "rebuild", "switch", "enable", "disable", "check", "nocheck", "reorganize");
            IsWholeBatch |= Lead.IsAny("create", "alter") && ToEndOfBatch.Contains(token.Text) && index <= first + 3 && (index == first + 1 || tokens[index - 1].IsAny("alter", "replace"));
        }

        /// <summary>A word that could begin a statement, but belongs to the one that is being read.</summary>
        private bool Continues(SqlToken before, SqlToken token)
        {
            if (before.IsAny("union", "except", "intersect", "all", "as", "for", "grant", "revoke", "deny", "after", "of", "then") || before.Is(',') || before.Is('=') || before.Is('.')
                || (before.Is("on") && token.IsAny("update", "delete") && !Lead.Is("set")))
            {
                return true;
            }

            return Lead.Text switch
            {
                "update" => token.Is("set") && !_hasSet,
                "merge" => true,
                "insert" => !_hasRows && token.IsAny("select", "exec", "execute"),
                "with" => !_hasRows && token.IsAny("select", "update", "delete", "insert", "merge"),
                "alter" => !_hasAction && token.IsAny("alter", "drop", "set", "enable", "disable"),
                "grant" or "revoke" or "deny" => token.IsAny("select", "insert", "update", "delete", "execute", "alter"),
                _ => false,
            };
        }

        /// <summary><c>BEGIN TRAN</c>, <c>END TRY</c> and the like: two words of one statement.</summary>
        private static bool IsBlockWord(SqlToken before, SqlToken token) => before.IsAny("begin", "end") && token.IsAny("tran", "transaction", "try", "catch");
    }
}
