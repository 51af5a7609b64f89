using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OpsConsole.Tests.Contracts.Sources;

/// <summary>What is wrong with a query, in the words of the API that refuses it.</summary>
internal sealed class GraphQueryException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}

/// <summary>A field of a GraphQL query with its arguments and what is selected of it.</summary>
internal sealed record GraphField(string Alias, string Name, JsonObject Arguments, IReadOnlyList<GraphField> Selected);

/// <summary>Reads the part of GraphQL that a query for analytics is written in.</summary>
internal sealed partial class GraphQuery
{
    private readonly List<string> _tokens;
    private readonly JsonObject _variables;
    private readonly HashSet<string> _declared = [];
    private int _next;

    private GraphQuery(string text, JsonObject variables)
    {
        _tokens = [.. Token().Matches(text).Select(m => m.Value)];
        _variables = variables;
        if (string.Concat(_tokens) != Space().Replace(text, ""))
        {
            throw Malformed();
        }
    }

    /// <summary>What is selected at the root.</summary>
    public static IReadOnlyList<GraphField> Read(string text, JsonObject variables)
    {
        var query = new GraphQuery(text, variables);
        query.Operation();
        var selected = query.Selection();
        return query._next == query._tokens.Count ? selected : throw Malformed();
    }

    private static GraphQueryException Malformed() => new(400, "query contains error, please review it and retry");

    private string Peek() => _next < _tokens.Count ? _tokens[_next] : throw Malformed();

    private string Take() => Peek() is var token && _next++ >= 0 ? token : throw Malformed();

    private void Expect(string token)
    {
        if (Take() != token)
        {
            throw Malformed();
        }
    }

    private void Operation()
    {
        if (Peek() != "query")
        {
            return;
        }

        Take();
        if (Peek() is not ("(" or "{"))
        {
            Take();
        }

        if (Peek() != "(")
        {
            return;
        }

        Take();
        while (Peek() != ")")
        {
            var name = Take();
            Expect(":");
            Take();
            var required = Peek() == "!" && Take() == "!";
            if (required && _variables[name[1..]] is null)
            {
                throw new GraphQueryException(400, $"error parsing args: variable {name} is required");
            }

            _declared.Add(name);
            if (Peek() == ",")
            {
                Take();
            }
        }

        Take();
    }

    private List<GraphField> Selection()
    {
        Expect("{");
        var fields = new List<GraphField>();
        while (Peek() != "}")
        {
            var name = Take();
            var alias = name;
            if (Peek() == ":")
            {
                Take();
                name = Take();
            }

            var arguments = Peek() == "(" ? Pairs("(", ")") : [];
            fields.Add(new GraphField(alias, name, arguments, Peek() == "{" ? Selection() : []));
        }

        Take();
        return fields;
    }

    private JsonObject Pairs(string open, string close)
    {
        Expect(open);
        var pairs = new JsonObject();
        while (Peek() != close)
        {
            var name = Take();
            Expect(":");
            pairs.Add(name, Value());
            if (Peek() == ",")
            {
                Take();
            }
        }

        Take();
        return pairs;
    }

    private JsonNode? Value()
    {
        if (Peek() == "{")
        {
            return Pairs("{", "}");
        }

        if (Peek() == "[")
        {
            var list = new JsonArray();
            Take();
            while (Peek() != "]")
            {
                list.Add(Value());
                if (Peek() == ",")
                {
                    Take();
                }
            }

            Take();
            return list;
        }

        var token = Take();
        return token[0] == '$' ? _declared.Contains(token) ? _variables[token[1..]]?.DeepClone() : throw Malformed()
            : token[0] == '"' ? token[1..^1]
            : int.TryParse(token, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
            : token;
    }

    [GeneratedRegex("\"[^\"]*\"|\\$?[A-Za-z_][A-Za-z0-9_]*|-?[0-9]+|[{}()\\[\\]:!,]")]
    private static partial Regex Token();

    [GeneratedRegex("\\s")]
    private static partial Regex Space();
}
