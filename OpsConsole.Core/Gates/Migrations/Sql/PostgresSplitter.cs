namespace OpsConsole.Core.Gates.Migrations.Sql;

/// <summary>Finds where statements end in PostgreSQL: at semicolons, but not inside the body of a rule or of a function in standard SQL.</summary>
internal static class PostgresSplitter
{
    public static (IReadOnlyList<SqlStatement> Statements, IReadOnlyList<SqlFault> Faults) Split(SqlScript script)
    {
        var tokens = script.Tokens;
        var statements = new List<SqlStatement>();
        var faults = new List<SqlFault>();
        var first = 0;
        var nesting = new Nesting();
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (token.Kind == SqlTokenKind.Meta)
            {
                var fault = i > first ? new SqlFault(token.Start, $"A command to the program stands in the middle of a statement ({token.Text.Split(' ', 2)[0]}).") : null;
                Close(i);
                statements.Add(new SqlStatement(script, i, i + 1) { Fault = fault });
                first = i + 1;
                continue;
            }

            nesting.See(token, i == first);
            if (token.Is(';') && nesting.MayEnd)
            {
                Close(i);
                first = i + 1;
            }
        }

        Close(tokens.Count);
        return (statements, faults);

        void Close(int end)
        {
            if (end > first)
            {
                statements.Add(new SqlStatement(script, first, end) { Fault = nesting.Fault });
            }

            nesting = new Nesting();
        }
    }

    /// <summary>What is open at a place in a statement.</summary>
    private sealed class Nesting
    {
        private int _depth;
        private int _blocks;
        private bool _isRule;
        private bool _isRoutine;
        private bool _wasCreate;
        private SqlToken _before;

        public bool MayEnd => _blocks == 0 && !(_isRule && _depth > 0);

        public SqlFault? Fault => _fault ?? (_depth > 0 ? new SqlFault(_openedAt, "A parenthesis is opened here and never closed.") : null);

        private SqlFault? _fault;
        private int _openedAt;

        public void See(SqlToken token, bool isFirst)
        {
            if (isFirst)
            {
                _wasCreate = token.Is("create");
            }

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
                SeeWord(token);
            }

            _before = token;
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

        private void SeeWord(SqlToken token)
        {
            if (_wasCreate && _depth == 0 && _blocks == 0)
            {
                _isRule |= token.Text == "rule" && (_before.IsAny("create", "replace"));
                _isRoutine |= token.IsAny("function", "procedure") && _before.IsAny("create", "replace");
            }

            // BEGIN ATOMIC … END, with CASE … END in it.
            if (_isRoutine && ((token.Text == "atomic" && _before.Is("begin")) || (token.Text == "case" && _blocks > 0)))
            {
                _blocks++;
            }
            else if (_blocks > 0 && token.Text == "end")
            {
                _blocks--;
            }
        }
    }
}
