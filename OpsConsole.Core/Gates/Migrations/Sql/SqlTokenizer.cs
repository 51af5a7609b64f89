using System.Globalization;

namespace OpsConsole.Core.Gates.Migrations.Sql;

/// <summary>Cuts a script into tokens in one pass. What it cannot read becomes a fault, and reading goes on behind it.</summary>
internal sealed partial class SqlTokenizer
{
    private static readonly string[] Symbols = [.. Enumerable.Range(0, 128).Select(c => ((char)c).ToString())];

    private readonly string _sql;
    private readonly SqlDialect _dialect;
    private readonly List<SqlToken> _tokens = [];
    private readonly List<SqlFault> _faults = [];
    private int _at;
    private bool _firstOnLine = true;
    private int _brackets;

    private SqlTokenizer(string sql, SqlDialect dialect) => (_sql, _dialect) = (sql, dialect);

    /// <summary>All tokens and all faults, each in the order of the script.</summary>
    public static (IReadOnlyList<SqlToken> Tokens, IReadOnlyList<SqlFault> Faults) Read(string sql, SqlDialect dialect)
    {
        var reader = new SqlTokenizer(sql, dialect);
        while (reader._at < sql.Length)
        {
            reader.ReadOne();
        }

        return (reader._tokens, reader._faults);
    }

    private char Here => _sql[_at];

    private char Ahead(int by = 1) => _at + by < _sql.Length ? _sql[_at + by] : '\0';

    private void ReadOne()
    {
        var c = Here;
        if (c is '\n' or '\r')
        {
            _firstOnLine = true;
            _at++;
        }
        else if (char.IsWhiteSpace(c) || c == '\uFEFF')
        {
            _at++;
        }
        else if (c == '-' && Ahead() == '-')
        {
            _at = SqlCharacters.EndOfLine(_sql, _at);
        }
        else if (c == '/' && Ahead() == '*')
        {
            SkipRemark();
        }
        else if (char.IsControl(c))
        {
            Fault(_at, string.Create(CultureInfo.InvariantCulture, $"The script holds a control character (U+{(int)c:X4}) that no statement may hold."));
            _at++;
        }
        else if (IsMeta(c))
        {
            ReadMeta();
        }
        else if (!ReadQuoted(c))
        {
            ReadPlain(c);
        }
    }

    /// <summary>psql takes a backslash for a command wherever it stands, sqlcmd a colon at the beginning of a line.</summary>
    private bool IsMeta(char c) => _dialect == SqlDialect.Postgres ? c == '\\' : _firstOnLine && c == ':' && char.IsAsciiLetter(Ahead());

    /// <summary><c>:name</c>, <c>:'name'</c>, <c>:"name"</c> of psql, <c>$(name)</c> of sqlcmd. A number behind a colon in brackets is the end of a slice.</summary>
    private bool IsReplaced(char c) => _dialect == SqlDialect.Postgres
        ? c == ':' && (Ahead() is '\'' or '"' or '{' || SqlCharacters.IsWordStart(Ahead()) || (char.IsAsciiDigit(Ahead()) && _brackets == 0))
        : c == '$' && Ahead() == '(';

    private void ReadMeta()
    {
        var start = _at;
        _at = SqlCharacters.EndOfLine(_sql, _at);
        Add(SqlTokenKind.Meta, _sql[start..Math.Min(_at, start + MigrationLimits.MaxExcerpt)].TrimEnd(), start);
    }

    /// <summary>Strings and quoted names of every form.</summary>
    private bool ReadQuoted(char c)
    {
        switch (c)
        {
            case '\'':
                ReadDelimited(SqlTokenKind.Text, _at, '\'', backslash: false);
                return true;
            case '"':
                ReadDelimited(SqlTokenKind.Quoted, _at, '"', backslash: false);
                return true;
            case '[' when _dialect == SqlDialect.SqlServer:
                ReadDelimited(SqlTokenKind.Quoted, _at, ']', backslash: false);
                return true;
            case 'n' or 'N' when Ahead() == '\'':
                ReadPrefixed(1, '\'', backslash: false);
                return true;
            case 'e' or 'E' when _dialect == SqlDialect.Postgres && Ahead() == '\'':
                ReadPrefixed(1, '\'', backslash: true);
                return true;
            case 'b' or 'B' or 'x' or 'X' when _dialect == SqlDialect.Postgres && Ahead() == '\'':
                ReadPrefixed(1, '\'', backslash: false);
                return true;
            case 'u' or 'U' when _dialect == SqlDialect.Postgres && Ahead() == '&' && Ahead(2) is '\'' or '"':
                ReadPrefixed(2, Ahead(2), backslash: false);
                return true;
            case '$' when _dialect == SqlDialect.Postgres:
                return ReadDollarQuoted();
            default:
                return false;
        }
    }

    private void ReadPrefixed(int prefix, char quote, bool backslash)
    {
        var start = _at;
        _at += prefix;
        ReadDelimited(quote == '"' ? SqlTokenKind.Quoted : SqlTokenKind.Text, start, quote, backslash);
    }

    /// <summary>From the opening quote to the closing one; the closing one twice stands for itself.</summary>
    private void ReadDelimited(SqlTokenKind kind, int start, char close, bool backslash)
    {
        var from = ++_at;
        var doubled = false;
        while (_at < _sql.Length)
        {
            if (Here == '\0')
            {
                Fault(_at, "The script holds a NUL character inside quotes, which no server takes.");
            }

            if (backslash && Here == '\\')
            {
                _at += 2;
                continue;
            }

            if (Here == close)
            {
                if (Ahead() != close)
                {
                    var text = _sql[from.._at++];
                    Add(kind, doubled ? text.Replace(new string(close, 2), close.ToString(), StringComparison.Ordinal) : text, start);
                    return;
                }

                doubled = true;
                _at++;
            }

            _at++;
        }

        _at = _sql.Length;
        Fault(start, kind == SqlTokenKind.Text ? "A string begins here and is never closed." : "A quoted name begins here and is never closed.", toEnd: true);
    }

    private bool ReadDollarQuoted()
    {
        var end = _at + 1;
        while (end < _sql.Length && end - _at <= MigrationLimits.MaxIdentifier && (SqlCharacters.IsWordPart(_sql[end], _dialect) && _sql[end] != '$'))
        {
            end++;
        }

        if (end >= _sql.Length || _sql[end] != '$' || char.IsAsciiDigit(Ahead()))
        {
            return false;
        }

        var start = _at;
        var tag = _sql[_at..(end + 1)];
        var close = _sql.IndexOf(tag, end + 1, StringComparison.Ordinal);
        if (close < 0)
        {
            _at = _sql.Length;
            Fault(start, $"A string in dollar quotes ({SqlCharacters.Shown(tag)}) begins here and is never closed.", toEnd: true);
            return true;
        }

        _at = close + tag.Length;
        Add(SqlTokenKind.Text, _sql[(end + 1)..close], start);
        return true;
    }

    private void ReadPlain(char c)
    {
        var start = _at;
        if (SqlCharacters.IsWordStart(c) || (_dialect == SqlDialect.SqlServer && c == '#'))
        {
            ReadWord(start);
        }
        else if (char.IsAsciiDigit(c) || (c == '.' && char.IsAsciiDigit(Ahead())))
        {
            _at = SqlCharacters.BehindNumber(_sql, _at);
            Add(SqlTokenKind.Number, _sql[start.._at], start);
        }
        else if ((c == '@' && _dialect == SqlDialect.SqlServer) || (c == '$' && char.IsAsciiDigit(Ahead())))
        {
            _at++;
            _at = SqlCharacters.BehindWord(_sql, _at, _dialect);
            Add(SqlTokenKind.Variable, _sql[start.._at], start);
        }
        else if (c == ':' && Ahead() == ':')
        {
            _at += 2;
            Add(SqlTokenKind.Symbol, "::", start);
        }
        else
        {
            if (IsReplaced(c))
            {
                Fault(_at, "A variable of the program that runs the script stands here; what it is replaced by is not known.");
            }

            _brackets = Math.Max(0, _brackets + (c == '[' ? 1 : c == ']' ? -1 : 0));
            _at++;
            Add(SqlTokenKind.Symbol, c < 128 ? Symbols[c] : c.ToString(), start);
        }
    }

    private void ReadWord(int start)
    {
        var first = _firstOnLine;
        _at++;
        _at = SqlCharacters.BehindWord(_sql, _at, _dialect);
        var word = _sql[start.._at].ToLowerInvariant();
        if (word.Length > MigrationLimits.MaxIdentifier)
        {
            Fault(start, $"A name of {word.Length} characters begins here; no server takes one as long.");
            word = word[..MigrationLimits.MaxIdentifier];
        }

        if (_dialect == SqlDialect.SqlServer && first && word == "go" && EndsBatch())
        {
            Add(SqlTokenKind.Batch, _sql[start.._at].TrimEnd(), start);
            return;
        }

        Add(SqlTokenKind.Word, word, start);
    }

    private void Add(SqlTokenKind kind, string text, int start)
    {
        _tokens.Add(new SqlToken(kind, text, start, _at, _firstOnLine));
        _firstOnLine = false;
    }

    private void Fault(int at, string sentence, bool toEnd = false)
    {
        if (_faults.Count < MigrationLimits.MaxFindings)
        {
            _faults.Add(new SqlFault(at, sentence, toEnd));
        }
    }
}
