namespace OpsConsole.Core.Sources.PrometheusText;

/// <summary>A place in one line of text, and what can be read from there.</summary>
internal ref struct LineCursor(ReadOnlySpan<char> text, int line)
{
    private readonly ReadOnlySpan<char> _text = text;

    public readonly int Line { get; } = line;

    /// <summary>Characters read so far.</summary>
    public int At { get; private set; }

    public readonly bool AtEnd => At >= _text.Length;

    public readonly ReadOnlySpan<char> Rest => _text[At..];

    /// <summary>The fault at this place.</summary>
    public readonly ExpositionException Fault(string problem) => Fault(At, problem);

    /// <summary>The fault at an earlier place of the line.</summary>
    public readonly ExpositionException Fault(int at, string problem) => new(Line, at + 1, problem);

    /// <summary>What stands here, for a message.</summary>
    public readonly string Here => AtEnd ? "the end of the line" : char.IsControl(_text[At]) ? $"the control character {(int)_text[At]}" : $"'{_text[At]}'";

    public readonly bool Sees(char c) => !AtEnd && _text[At] == c;

    /// <summary>True when the character just read is the given one.</summary>
    public readonly bool Follows(char c) => At > 0 && _text[At - 1] == c;

    public void SkipBlanks()
    {
        while (!AtEnd && _text[At] is ' ' or '\t')
        {
            At++;
        }
    }

    public void Skip(int characters) => At += characters;

    /// <summary>Reads one character when it is the given one.</summary>
    public bool Take(char c)
    {
        if (!Sees(c))
        {
            return false;
        }

        At++;
        return true;
    }

    /// <summary>Reads up to the next blank or the end of the line; empty when there is nothing.</summary>
    public ReadOnlySpan<char> TakeWord()
    {
        var start = At;
        while (!AtEnd && _text[At] is not (' ' or '\t'))
        {
            At++;
        }

        return _text[start..At];
    }

    /// <summary>Reads a metric's name: letters, digits, '_' and ':', not beginning with a digit.</summary>
    public ReadOnlySpan<char> TakeMetricName() => TakeName(colons: true, "a metric's name begins with a letter, '_' or ':'");

    /// <summary>Reads a label's name: letters, digits and '_', not beginning with a digit.</summary>
    public ReadOnlySpan<char> TakeLabelName() => TakeName(colons: false, "a label's name begins with a letter or '_'");

    private ReadOnlySpan<char> TakeName(bool colons, string rule)
    {
        var start = At;
        while (!AtEnd && (char.IsAsciiLetter(_text[At]) || _text[At] == '_' || (colons && _text[At] == ':') || (At > start && char.IsAsciiDigit(_text[At]))))
        {
            At++;
        }

        return At > start ? _text[start..At] : throw Fault($"{rule}; found {Here}");
    }
}
