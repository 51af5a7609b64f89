using System.Globalization;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace OpsConsole.Core.Policies.Text;

/// <summary>From YAML to nodes, event by event, so that a text that is too large, too deep or that multiplies itself is given up before it is built.</summary>
internal sealed class PolicyTree
{
    /// <summary>Longest text, in bytes of UTF-8.</summary>
    public const int MaxBytes = 256 * 1024;

    public const int MaxDepth = 20;
    public const int MaxNodes = 5_000;

    private readonly Parser _parser;
    private readonly PolicyFaults _faults;
    private readonly YamlSubject _subject;
    private int _nodes;

    private PolicyTree(string text, PolicyFaults faults, YamlSubject subject)
    {
        _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
        (_faults, _subject) = (faults, subject);
    }

    /// <summary>The root of a policy, or null. What nests, refers, or cannot be parsed ends the reading with one fault.</summary>
    public static PolicyNode? Read(string text, PolicyFaults faults) => Read(text, faults, YamlSubject.Policy);

    /// <summary>The root of another text that is read as policies are.</summary>
    public static PolicyNode? Read(string text, PolicyFaults faults, YamlSubject subject)
    {
        if (Encoding.UTF8.GetByteCount(text) > MaxBytes)
        {
            faults.Error(1, 1, $"{subject.One} has at most {MaxBytes / 1024} kB; this text is longer.");
            return null;
        }

        if (text.StartsWith('\uFEFF'))
        {
            // A byte order mark is not part of the text, and no column.
            text = text[1..];
        }

        if (!IsPlain(text, faults, subject))
        {
            return null;
        }

        var tree = new PolicyTree(text, faults, subject);
        try
        {
            return tree.Document();
        }
        catch (RefusedException e)
        {
            faults.Error(e.Line, e.Column, e.Message);
        }
        catch (YamlException e)
        {
            YamlFaults.Add(text, Place(e.Start.Line), Place(e.Start.Column), e.Message, faults);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or FormatException or OverflowException)
        {
            // The parser's own slips on broken text: its place is the last thing that it understood.
            var at = tree._parser.Current?.End ?? Mark.Empty;
            YamlFaults.Add(text, Place(at.Line), Place(at.Column), "something after this place cannot be understood", faults);
        }

        return null;
    }

    private PolicyNode? Document()
    {
        Next();
        if (Next() is StreamEnd)
        {
            return null;
        }

        var root = Node(Next(), depth: 1);
        Next();
        return Next() is DocumentStart second
            ? throw new RefusedException(second, $"{_subject.One} is one document; a second one begins here.")
            : root;
    }

    private ParsingEvent Next() => _parser.MoveNext() ? _parser.Current! : throw new RefusedException(1, 1, "The text ends too early.");

    private PolicyNode Node(ParsingEvent at, int depth)
    {
        if (at is AnchorAlias || at is NodeEvent { Anchor.IsEmpty: false })
        {
            throw new RefusedException(at, $"Anchors and aliases (& and *) are not used in {_subject.Many}; write the value out.");
        }

        if (at is NodeEvent { Tag.IsEmpty: false })
        {
            throw new RefusedException(at, $"Tags (!) are not used in {_subject.Many}; write the value as it is.");
        }

        if (++_nodes > MaxNodes)
        {
            throw new RefusedException(at, $"{_subject.One} has at most {MaxNodes} values; this text has more.");
        }

        if (depth > MaxDepth)
        {
            throw new RefusedException(at, $"{_subject.One} nests at most {MaxDepth} levels deep; this text goes deeper.");
        }

        return at switch
        {
            Scalar scalar => Value(scalar),
            SequenceStart => List(at, depth),
            _ => Map(at, depth),
        };
    }

    private ListNode List(ParsingEvent start, int depth)
    {
        var items = new List<PolicyNode>();
        for (var at = Next(); at is not SequenceEnd; at = Next())
        {
            items.Add(Node(at, depth + 1));
        }

        return new(Place(start.Start.Line), Place(start.Start.Column), items);
    }

    private MapNode Map(ParsingEvent start, int depth)
    {
        var entries = new List<(ScalarNode Key, PolicyNode Value)>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var at = Next(); at is not MappingEnd; at = Next())
        {
            if (Node(at, depth + 1) is not ScalarNode key)
            {
                throw new RefusedException(at, "A key is a single word here.");
            }

            if (key is { Text: "<<", Quoted: false })
            {
                throw new RefusedException(at, $"Merge keys (<<) are not used in {_subject.Many}; write the values out.");
            }

            var value = Node(Next(), depth + 1);
            if (lines.TryAdd(key.Text, key.Line))
            {
                entries.Add((key, value));
            }
            else
            {
                _faults.Error(key, $"'{PolicyNames.Shown(key.Text)}' is there twice, first on line {lines[key.Text]}; keep one.");
            }
        }

        return new(Place(start.Start.Line), Place(start.Start.Column), entries);
    }

    private ScalarNode Value(Scalar scalar)
    {
        var oneLine = scalar.Start.Line == scalar.End.Line;
        int? shift = scalar.Style switch
        {
            ScalarStyle.Plain when oneLine => 0,
            ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted when oneLine && scalar.End.Column - scalar.Start.Column == scalar.Value.Length + 2 => 1,
            _ => null,
        };
        var node = new ScalarNode(Place(scalar.Start.Line), Place(scalar.Start.Column), scalar.Value, scalar.Style != ScalarStyle.Plain, shift);
        if (scalar.Value.Any(static c => char.IsControl(c) && c is not ('\n' or '\t')))
        {
            _faults.Error(node, "The value has control characters in it; take them out.");
        }

        return node;
    }

    /// <summary>What no database keeps and no page shows is told at its place before anything is parsed.</summary>
    private static bool IsPlain(string text, PolicyFaults faults, YamlSubject subject)
    {
        var (line, start, isIndent) = (1, 0, true);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            isIndent = i == start || (isIndent && text[i - 1] == ' ');
            if (isIndent && c != ' ' && char.GetUnicodeCategory(c) is UnicodeCategory.SpaceSeparator or UnicodeCategory.Format)
            {
                faults.Error(line, i - start + 1, $"The line begins with the character U+{(int)c:X4}, which is not seen or looks like a space.", "Put plain spaces in its place.");
                return false;
            }

            if (c == '\n')
            {
                (line, start) = (line + 1, i + 1);
            }
            else if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(c) || c is '\u2028' or '\u2029' || (char.IsControl(c) && c is not ('\r' or '\t')))
            {
                faults.Error(line, i - start + 1, $"The character U+{(int)c:X4} cannot be part of {char.ToLowerInvariant(subject.One[0])}{subject.One[1..]}; take it out.");
                return false;
            }
        }

        return true;
    }

    private static int Place(long mark) => (int)Math.Clamp(mark, 1, int.MaxValue);

    /// <summary>Ends the reading at once.</summary>
    private sealed class RefusedException(int line, int column, string message) : Exception(message)
    {
        public RefusedException(ParsingEvent at, string message)
            : this(Place(at.Start.Line), Place(at.Start.Column), message)
        {
        }

        public int Line { get; } = line;

        public int Column { get; } = column;
    }
}
