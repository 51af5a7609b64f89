namespace OpsConsole.Core.Policies.Conditions;

/// <summary>From words to a tree, by descent; each level of operators binds tighter than the one before.</summary>
internal sealed class ConditionParser(List<Token> tokens)
{
    private static readonly string[][] Levels =
    [
        ["||", "or"],
        ["&&", "and"],
        ["==", "!=", "<", "<=", ">", ">=", "in", "not", "contains", "startsWith", "endsWith"],
        ["+", "-"],
        ["*", "/", "%"],
    ];

    private int _at;
    private int _depth;
    private int _items;

    private Token Now => tokens[_at];

    public ConditionNode Parse()
    {
        var root = Binary(0);
        return Now.Kind == TokenKind.End ? root : throw Unexpected("an operator");
    }

    private ConditionNode Binary(int level)
    {
        if (level == Levels.Length)
        {
            return Unary();
        }

        var left = Binary(level + 1);
        var operators = 0;
        while (Array.Find(Levels[level], Now.Is) is { } found)
        {
            var at = Take();
            var negated = found == "not";
            if (negated)
            {
                Expect("in");
                found = "in";
            }

            // A long chain leans to the left and would be as deep as it is long.
            Deeper(at, operators++ > 0 ? 1 : 0);
            left = new BinaryNode(found switch { "or" => "||", "and" => "&&", _ => found }, left, Binary(level + 1), at.Column);
            left = negated ? new NotNode(left, at.Column) : left;
        }

        _depth -= Math.Max(0, operators - 1);
        return left;
    }

    private ConditionNode Unary()
    {
        var at = Now;
        if (at.Is("!") || at.Is("not") || at.Is("-"))
        {
            Take();
            Deeper(at);
            var inner = Unary();
            _depth--;
            return at.Is("-") ? new MinusNode(inner, at.Column) : new NotNode(inner, at.Column);
        }

        return Postfix();
    }

    private ConditionNode Postfix()
    {
        var node = Primary();
        var links = 0;
        for (; Now.Is(".") || Now.Is("["); links++)
        {
            var at = Take();
            Deeper(at);
            if (at.Is("."))
            {
                var name = Now.Kind == TokenKind.Name ? Take() : throw Unexpected("a member's name");
                node = new IndexNode(node, new LiteralNode(ConditionValue.Of(name.Text), name.Column), at.Column);
            }
            else
            {
                node = new IndexNode(node, Binary(0), at.Column);
                Expect("]");
            }
        }

        _depth -= links;
        return node;
    }

    private ConditionNode Primary()
    {
        var at = Now;
        switch (at.Kind)
        {
            case TokenKind.Number:
                Take();
                return new LiteralNode(ConditionValue.Of(at.Number), at.Column);
            case TokenKind.Text:
                Take();
                return new LiteralNode(ConditionValue.Of(at.Text), at.Column);
            case TokenKind.Name:
                return Name();
            case TokenKind.Symbol when at.Text == "(":
                Take();
                Deeper(at);
                var inner = Binary(0);
                Expect(")");
                _depth--;
                return inner;
            case TokenKind.Symbol when at.Text == "[":
                Take();
                return new ListNode(Arguments("]", at), at.Column);
            case TokenKind.Symbol when at.Text == "#" && _items > 0:
                Take();
                return new ItemNode(at.Column);
            case TokenKind.Symbol when at.Text == "#":
                throw new ConditionException("'#' stands for an element only inside the braces of all, any, none, one, count and filter", at.Column);
            default:
                throw Unexpected("a value");
        }
    }

    private ConditionNode Name()
    {
        var name = Take();
        if (Now.Is("("))
        {
            return Call(name);
        }

        return name.Text switch
        {
            "result" => new ResultNode(name.Column),
            "true" => new LiteralNode(ConditionValue.Of(true), name.Column),
            "false" => new LiteralNode(ConditionValue.Of(false), name.Column),
            "nil" or "null" => new LiteralNode(ConditionValue.Null, name.Column),
            _ => throw new ConditionException($"unknown name {name.Text}: there is only 'result'", name.Column),
        };
    }

    private ConditionNode Call(Token name)
    {
        var open = Take();
        if (ListFunctionNode.IsKnown(name.Text))
        {
            Deeper(open);
            var list = Binary(0);
            Expect(",");
            Expect("{");
            _items++;
            var predicate = Binary(0);
            _items--;
            Expect("}");
            Expect(")");
            _depth--;
            return new ListFunctionNode(name.Text, list, predicate, name.Column);
        }

        if (!FunctionNode.IsKnown(name.Text))
        {
            throw new ConditionException($"unknown function {name.Text}: there are {FunctionNode.Known} and {ListFunctionNode.Known}", name.Column);
        }

        var arguments = Arguments(")", open);
        var wanted = FunctionNode.Arguments(name.Text);
        return arguments.Count == wanted
            ? new FunctionNode(name.Text, arguments, name.Column)
            : throw new ConditionException($"{name.Text} takes {wanted} {(wanted == 1 ? "value" : "values")}, not {arguments.Count}", name.Column);
    }

    private List<ConditionNode> Arguments(string close, Token open)
    {
        Deeper(open);
        var arguments = new List<ConditionNode>();
        while (!Now.Is(close))
        {
            if (arguments.Count > 0)
            {
                Expect(",");
            }

            arguments.Add(Binary(0));
        }

        Take();
        _depth--;
        return arguments;
    }

    private void Deeper(Token at, int by = 1)
    {
        _depth += by;
        if (_depth > Condition.MostDepth)
        {
            throw new ConditionException($"a condition is nested at most {Condition.MostDepth} deep", at.Column);
        }
    }

    private Token Take() => tokens[_at++];

    private void Expect(string symbol)
    {
        if (!Now.Is(symbol))
        {
            throw Unexpected($"'{symbol}'");
        }

        _at++;
    }

    private ConditionException Unexpected(string wanted) => new($"expected {wanted}, but found {Now.Shown}", Now.Column);
}
