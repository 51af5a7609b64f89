using OpsConsole.Core.Policies.Text;

namespace OpsConsole.Core.Catalog;

/// <summary>A mapping in a file of the catalogue: reads its values and notes what is wrong with each at its place.</summary>
internal sealed class CatalogMap(MapNode node, PolicyFaults faults)
{
    public MapNode At => node;

    /// <summary>True for a name of the usual form; else it is a fault.</summary>
    public static bool IsName(ScalarNode name, string what, PolicyFaults faults)
    {
        var isOne = CatalogName.IsValid(name.Text);
        if (!isOne)
        {
            faults.Error(name, $"'{PolicyNames.Shown(name.Text)}' is not {what}: that has {CatalogName.Form}.");
        }

        return isOne;
    }

    /// <summary>Notes every key that is none of these.</summary>
    /// <param name="title">What the mapping is, to follow "is not a key of".</param>
    /// <param name="keys">The keys that it may have.</param>
    public void Known(string title, string[] keys)
    {
        foreach (var (key, _) in node.Entries.Where(e => !keys.Contains(e.Key.Text)))
        {
            faults.Error(key, $"'{PolicyNames.Shown(key.Text)}' is not a key of {title}.", Spelling.Suggest(key.Text, keys) ?? $"Known are {string.Join(", ", keys)}.");
        }
    }

    /// <summary>What stands under a key, without regard to case; null where there is nothing.</summary>
    public PolicyNode? Node(string key) => Entry(key) is { Value: not ScalarNode { IsEmpty: true } } entry ? entry.Value : null;

    /// <summary>A single value.</summary>
    public ScalarNode? Scalar(string key, bool required)
    {
        switch (Node(key))
        {
            case ScalarNode scalar:
                return scalar;
            case null:
                Missing(key, required);
                return null;
            case var other:
                faults.Error(other, $"'{key}' takes a single value.");
                return null;
        }
    }

    /// <summary>A name of the usual form.</summary>
    public string? Name(string key, bool required) => Scalar(key, required) is { } scalar && IsName(scalar, $"a name for '{key}'", faults) ? scalar.Text : null;

    /// <summary>One line of text, or null.</summary>
    public string? Line(string key, int most)
    {
        var scalar = Scalar(key, required: false);
        if (scalar is not null && (scalar.Text.Length > most || scalar.Text.Contains('\n', StringComparison.Ordinal)))
        {
            faults.Error(scalar, $"'{key}' is one line of at most {most} characters.");
        }

        return scalar?.Text;
    }

    /// <summary>Names of the usual form, each once.</summary>
    public IReadOnlyList<string> Names(string key, int most, bool required)
    {
        var names = new List<string>();
        foreach (var name in Scalars(key, most, required).Where(s => IsName(s, $"a name in '{key}'", faults)))
        {
            if (names.Contains(name.Text))
            {
                faults.Error(name, $"'{name.Text}' is in '{key}' twice; keep one.");
            }

            names.Add(name.Text);
        }

        return names;
    }

    /// <summary>Goes through the single values of a list whose form was looked at before.</summary>
    public void Each(string key, Action<ScalarNode> one) => (Node(key) as ListNode)?.Items.OfType<ScalarNode>().ToList().ForEach(one);

    /// <summary>A mapping below this one.</summary>
    public CatalogMap? Map(string key, bool required)
    {
        switch (Node(key))
        {
            case MapNode map:
                return new(map, faults);
            case null:
                Missing(key, required);
                return null;
            case var other:
                faults.Error(other, $"'{key}' has keys and values, each 'key: value' on a line of its own below it.");
                return null;
        }
    }

    /// <summary>The mappings below a key, by name.</summary>
    public IReadOnlyList<(ScalarNode Key, CatalogMap Value)> Maps(string key, int most)
    {
        if (Map(key, required: false)?.At is not { } map)
        {
            return [];
        }

        if (map.Entries.Count > most)
        {
            faults.Error(map, $"'{key}' has {map.Entries.Count} entries; at most {most} are allowed.");
            return [];
        }

        foreach (var twice in map.Entries.GroupBy(e => e.Key.Text, StringComparer.OrdinalIgnoreCase).SelectMany(g => g.Skip(1)))
        {
            faults.Error(twice.Key, $"'{PolicyNames.Shown(twice.Key.Text)}' is in '{key}' twice but for capital letters; keep one.");
        }

        foreach (var entry in map.Entries.Where(e => e.Value is not MapNode || e.Key.Text.Length == 0 || e.Key.Text.Contains(':', StringComparison.Ordinal)))
        {
            faults.Error(entry.Key, $"Each entry of '{key}' is a name without a colon, and has keys and values below it.");
        }

        return [.. map.Entries.Where(e => e.Value is MapNode && e.Key.Text.Length > 0 && !e.Key.Text.Contains(':', StringComparison.Ordinal)).Select(e => (e.Key, new CatalogMap((MapNode)e.Value, faults)))];
    }

    private IEnumerable<ScalarNode> Scalars(string key, int most, bool required)
    {
        switch (Node(key))
        {
            case ListNode { Items.Count: 0 } empty when required:
                faults.Error(empty, $"'{key}' has nothing in it; name one at least.");
                return [];
            case ListNode list when list.Items.Count <= most:
                foreach (var odd in list.Items.Where(i => i is not ScalarNode { IsEmpty: false }))
                {
                    faults.Error(odd, $"Each entry of '{key}' is a single value.");
                }

                return list.Items.OfType<ScalarNode>().Where(s => !s.IsEmpty);
            case ListNode list:
                faults.Error(list, $"'{key}' has {list.Items.Count} entries; at most {most} are allowed.");
                return [];
            case null:
                Missing(key, required);
                return [];
            case var other:
                faults.Error(other, $"'{key}' is a list: each entry on a line of its own, after '- '.");
                return [];
        }
    }

    private (ScalarNode Key, PolicyNode Value)? Entry(string key)
    {
        foreach (var entry in node.Entries)
        {
            if (entry.Key.Text.Equals(key, StringComparison.OrdinalIgnoreCase))
            {
                return entry;
            }
        }

        return null;
    }

    private void Missing(string key, bool required)
    {
        if (Entry(key) is { } empty)
        {
            faults.Error(empty.Key, $"'{key}' has no value; give it one or take the key out.");
        }
        else if (required && !node.Entries.Any(e => Spelling.Nearest(e.Key.Text, [key]) is not null))
        {
            faults.Error(node, $"'{key}' is missing.");
        }
    }
}
