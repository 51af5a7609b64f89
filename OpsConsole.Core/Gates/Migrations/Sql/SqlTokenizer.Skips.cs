namespace OpsConsole.Core.Gates.Migrations.Sql;

/// <content>What becomes no token: ends of batches and remarks.</content>
internal sealed partial class SqlTokenizer
{
    /// <summary>GO alone on its line, with or without a count; moves behind the count.</summary>
    private bool EndsBatch()
    {
        var end = _at;
        while (end < _sql.Length && (_sql[end] is ' ' or '\t' || char.IsAsciiDigit(_sql[end])))
        {
            end++;
        }

        if (end < _sql.Length && _sql[end] is not ('\n' or '\r') && !(_sql[end] == '-' && end + 1 < _sql.Length && _sql[end + 1] == '-'))
        {
            return false;
        }

        _at = end;
        return true;
    }

    /// <summary>Both dialects nest remarks.</summary>
    private void SkipRemark()
    {
        var start = _at;
        var depth = 0;
        while (_at < _sql.Length)
        {
            if (Here == '/' && Ahead() == '*')
            {
                depth++;
                _at += 2;
            }
            else if (Here == '*' && Ahead() == '/')
            {
                _at += 2;
                if (--depth == 0)
                {
                    return;
                }
            }
            else
            {
                _firstOnLine |= Here is '\n' or '\r';
                _at++;
            }
        }

        _at = _sql.Length;
        Fault(start, "A remark begins here and is never closed.", toEnd: true);
    }
}
