using System.Globalization;

namespace OpsConsole.Core.Policies.Text;

/// <summary>A mapping of the text whose keys are known: reads its values and notes what is wrong with each at its place.</summary>
internal sealed class PolicySection
{
    private readonly MapNode _node;
    private readonly string _name;
    private readonly PolicyFaults _faults;

    private PolicySection(MapNode node, string name, PolicyFaults faults)
    {
        (_node, _name, _faults) = (node, name, faults);
        foreach (var (key, value) in node.Entries)
        {
            if (!PolicyKeys.Of[name].Contains(key.Text))
            {
                faults.Error(key, $"'{PolicyNames.Shown(key.Text)}' is not a key of {Title(name)}.", Belongs(key.Text, name));
            }
            else if (value is ScalarNode { IsEmpty: true })
            {
                faults.Error(value.Line == key.Line ? value : key, $"'{key.Text}' has no value; give it one or take the key out.");
            }
        }
    }

    /// <summary>Where the section begins.</summary>
    public PolicyNode At => _node;

    /// <summary>The section of a node, or null with a fault when it is no mapping.</summary>
    public static PolicySection? Of(PolicyNode? node, string name, PolicyFaults faults)
    {
        switch (node)
        {
            case MapNode map:
                return new(map, name, faults);
            case null or ScalarNode { IsEmpty: true }:
                return null;
            default:
                faults.Error(node, $"{Capital(Title(name))} has keys and values, each 'key: value' on a line of its own.", $"Known keys are {string.Join(", ", PolicyKeys.Of[name])}.");
                return null;
        }
    }

    /// <summary>The key as it stands in the text; where a fault about the whole value is put.</summary>
    public PolicyNode KeyAt(string key) => _node.Find(key)?.Key ?? (PolicyNode)_node;

    /// <summary>The value of a key, or null when there is none.</summary>
    public PolicyNode? Node(string key) => _node.Find(key) is { Value: not ScalarNode { IsEmpty: true } } entry ? entry.Value : null;

    public PolicySection? Section(string key, string name) => Of(Node(key), name, _faults);

    /// <summary>A value that must be a single one.</summary>
    public ScalarNode? Scalar(string key)
    {
        switch (Node(key))
        {
            case null:
                return null;
            case ScalarNode scalar:
                return scalar;
            case var other:
                _faults.Error(other, $"'{key}' takes a single value.");
                return null;
        }
    }

    /// <summary>One line of text.</summary>
    public string? Text(string key, int most) => Scalar(key) is { } scalar ? PolicyValues.Text(scalar, key, most, _faults) : null;

    /// <summary>A share in percent, with its sign: <c>5%</c>.</summary>
    public double? Percent(string key) => Scalar(key) is { } scalar ? PolicyValues.Percent(scalar, key, _faults) : null;

    public TimeSpan? Duration(string key, TimeSpan least, TimeSpan? most = null) =>
        Scalar(key) is { } scalar ? PolicyValues.Duration(scalar, key, least, most ?? PolicyDuration.Longest, _faults) : null;

    public double? Number(string key, double least, double most)
    {
        if (Scalar(key) is not { } scalar)
        {
            return null;
        }

        if (PolicyValues.TryNumber(scalar.Text, out var number) && number >= least && number <= most)
        {
            return number;
        }

        var range = string.Create(CultureInfo.InvariantCulture, $"{least} to {most}");
        _faults.Error(scalar, $"'{key}' is a number from {range}, without a unit.");
        return null;
    }

    public int? Whole(string key, int least, int most)
    {
        if (Scalar(key) is not { } scalar)
        {
            return null;
        }

        if (int.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        _faults.Error(scalar, $"'{key}' is a whole number from {least} to {most}.");
        return null;
    }

    public bool? Flag(string key)
    {
        switch (Scalar(key))
        {
            case null:
                return null;
            case { Text: "true" }:
                return true;
            case { Text: "false" }:
                return false;
            case var scalar:
                _faults.Error(scalar, $"'{key}' is true or false.", Spelling.Suggest(scalar.Text, ["true", "false"]));
                return null;
        }
    }

    public T? Named<T>(string key, (string Name, T Value)[] names)
        where T : struct => Scalar(key) is { } scalar && PolicyValues.Named(scalar, key, names, _faults) is { Found: true } found ? found.Value : null;

    /// <summary>The items of a list; none when the key is missing or has something else.</summary>
    public IReadOnlyList<PolicyNode> Items(string key, int most)
    {
        switch (Node(key))
        {
            case null:
                return [];
            case ListNode list when list.Items.Count <= most:
                return list.Items;
            case ListNode list:
                _faults.Error(KeyAt(key), $"'{key}' has {list.Items.Count} entries; at most {most} are allowed.");
                return [];
            case var other:
                _faults.Error(other, $"'{key}' is a list: each entry on a line of its own, after '- '.");
                return [];
        }
    }

    /// <summary>The single values of a list.</summary>
    public IEnumerable<ScalarNode> Scalars(string key, int most)
    {
        foreach (var item in Items(key, most))
        {
            if (item is ScalarNode { IsEmpty: false } scalar)
            {
                yield return scalar;
            }
            else
            {
                _faults.Error(item, $"Each entry of '{key}' is a single value.");
            }
        }
    }

    public static string Title(string name) => name switch
    {
        PolicyKeys.Root => "a policy",
        PolicyKeys.Stage or PolicyKeys.Check or PolicyKeys.Trigger => $"a {name}",
        PolicyKeys.Metric => "a metric of analysis",
        _ => $"'{name}'",
    };

    private static string Belongs(string key, string section)
    {
        if (Spelling.Suggest(key, PolicyKeys.Of[section]) is { } near)
        {
            return near;
        }

        return PolicyKeys.Owner(key, section) is { } owner
            ? $"It belongs to {Title(owner)}."
            : $"Known keys are {string.Join(", ", PolicyKeys.Of[section])}.";
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
