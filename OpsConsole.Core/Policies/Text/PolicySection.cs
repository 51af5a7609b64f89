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
                Unknown(key, name, faults);
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
                NoMapping(node, name, faults);
                return null;
        }
    }

    /// <summary>The key as it stands in the text; where a fault about the whole value is put.</summary>
    public PolicyNode KeyAt(string key) => _node.Find(key)?.Key ?? (PolicyNode)_node;

    /// <summary>The value of a key, or null when there is none.</summary>
    public PolicyNode? Node(string key) => _node.Find(key) is { Value: not ScalarNode { IsEmpty: true } } entry ? entry.Value : null;

    /// <summary>True where a fault about the key is noted already: it has no value, or a key that is not known is likely meant as it.</summary>
    public bool IsToldOf(string key) =>
        _node.Entries.Any(e => e.Key.Text == key ? e.Value is ScalarNode { IsEmpty: true } : !PolicyKeys.Of[_name].Contains(e.Key.Text) && Spelling.Nearest(e.Key.Text, PolicyKeys.Of[_name]) == key);

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
        var bare = scalar.Text.TrimEnd('%', ' ');
        _faults.Error(
            scalar, $"{PolicyValues.Said(key, scalar)} a number from {range}, without a unit.",
            bare != scalar.Text && PolicyValues.TryNumber(bare, out var near) && near >= least && near <= most ? $"Did you mean '{bare}'?" : null);
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

        _faults.Error(scalar, $"{PolicyValues.Said(key, scalar)} a whole number from {least} to {most}.");
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
                _faults.Error(scalar, $"{PolicyValues.Said(key, scalar)} true or false.", scalar.Text.ToLowerInvariant() switch
                {
                    "yes" or "y" or "on" or "1" => "Did you mean 'true'?",
                    "no" or "n" or "off" or "0" => "Did you mean 'false'?",
                    var word => Spelling.Suggest(word, ["true", "false"]) ?? (word is "true" or "false" ? $"Did you mean '{word}'?" : null),
                });
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
            case ScalarNode { Quoted: false, Text: ['-', not ' ', ..] } dashed:
                _faults.Error(dashed, $"'{key}' is a list, and there is no space after the dash of '{PolicyNames.Shown(dashed.Text)}'.", $"Did you mean '- {PolicyNames.Shown(dashed.Text[1..])}'?");
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

        var owners = PolicyKeys.Owners(key, section);
        return owners.Count > 0
            ? $"It belongs to {string.Join(" or ", owners.Select(Title))}{(section == PolicyKeys.Root ? ", indented below it" : "")}."
            : $"Known keys are {string.Join(", ", PolicyKeys.Of[section])}.";
    }

    private static void Unknown(ScalarNode key, string section, PolicyFaults faults)
    {
        if (key.Text.FirstOrDefault(IsUnseen) is not '\0' and var unseen)
        {
            var plain = new string([.. key.Text.Where(c => !IsUnseen(c))]);
            faults.Error(key, $"'{PolicyNames.Shown(plain)}' has the character U+{(int)unseen:X4} in it, which is not seen or looks like a space.", PolicyKeys.Of[section].Contains(plain) ? $"Write '{plain}' anew, with plain spaces before it." : null);
            return;
        }

        faults.Error(key, $"'{PolicyNames.Shown(key.Text)}' is not a key of {Title(section)}.", Belongs(key.Text, section));
    }

    private static bool IsUnseen(char c) => c != ' ' && char.GetUnicodeCategory(c) is UnicodeCategory.SpaceSeparator or UnicodeCategory.Format;

    /// <summary>What is there instead of keys and values: most often a key whose colon, or the space after it, was forgotten.</summary>
    private static void NoMapping(PolicyNode node, string name, PolicyFaults faults)
    {
        if (node is ScalarNode { Quoted: false } odd && odd.Text.FirstOrDefault(IsUnseen) is not '\0' and var unseen)
        {
            faults.Error(odd, $"'{PolicyNames.Shown(odd.Text)}' has the character U+{(int)unseen:X4} in it, which is not seen or looks like a space.", "Put a plain space in its place.");
            return;
        }

        if (node is ScalarNode { Quoted: false } scalar && YamlFaults.Forgotten(scalar.Text) is { } found && PolicyKeys.Of[name].Contains(found.Key))
        {
            faults.Error(node, found.Message, found.Suggestion);
            return;
        }

        var there = node is ScalarNode single ? $"'{PolicyNames.Shown(single.Text)}'" : "a list";
        faults.Error(node, $"{Capital(Title(name))} has keys and values, each 'key: value' on a line of its own; here is {there}.", $"Known keys are {string.Join(", ", PolicyKeys.Of[name])}.");
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
