namespace OpsConsole.Core.Catalog;

/// <summary>What becomes of something in the catalogue.</summary>
public enum CatalogChangeKind
{
    Added,
    Changed,
    Removed,
}

/// <summary>One thing that a change of the catalogue does, in words; no secret is in it.</summary>
/// <param name="Kind">What becomes of it.</param>
/// <param name="Service">Whose it is.</param>
/// <param name="Subject">What it is: "the service", "the target gateway in production", "the source shop-errors".</param>
/// <param name="Details">What is said of it now, or what differs, each in a few words.</param>
public sealed record CatalogChange(CatalogChangeKind Kind, string Service, string Subject, IReadOnlyList<string> Details)
{
    /// <summary>In one line: "shop: the source shop-errors is added".</summary>
    public string Sentence => $"{Service}: {Subject} is {Kind.ToString().ToLowerInvariant()}";
}

/// <summary>What differs between two states of the catalogue.</summary>
public static class CatalogDiff
{
    private const string Itself = "the service";

    /// <summary>Everything that differs, by service, the service itself first.</summary>
    public static IReadOnlyList<CatalogChange> Between(IEnumerable<CatalogService> before, IEnumerable<CatalogService> after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var (old, next) = (before.ToDictionary(s => s.Name, Facts), after.ToDictionary(s => s.Name, Facts));
        return [.. old.Keys.Union(next.Keys).Order(StringComparer.Ordinal).SelectMany(name => Between(name, old.GetValueOrDefault(name) ?? [], next.GetValueOrDefault(name) ?? []))];
    }

    private static IEnumerable<CatalogChange> Between(string service, Dictionary<string, Dictionary<string, CatalogFact>> before, Dictionary<string, Dictionary<string, CatalogFact>> after)
    {
        foreach (var subject in before.Keys.Union(after.Keys).OrderBy(s => s != Itself).ThenBy(s => s, StringComparer.Ordinal))
        {
            var (old, next) = (before.GetValueOrDefault(subject), after.GetValueOrDefault(subject));
            if (old is null)
            {
                yield return new(CatalogChangeKind.Added, service, subject, [.. next!.Select(v => $"{v.Key}: {v.Value.Shown()}")]);
            }
            else if (next is null)
            {
                yield return new(CatalogChangeKind.Removed, service, subject, []);
            }
            else if (Differences(old, next) is { Count: > 0 } details)
            {
                yield return new(CatalogChangeKind.Changed, service, subject, details);
            }
        }
    }

    private static List<string> Differences(Dictionary<string, CatalogFact> old, Dictionary<string, CatalogFact> next) =>
    [
        .. next.Where(v => old.GetValueOrDefault(v.Key) != v.Value).Select(v => old.TryGetValue(v.Key, out var was) ? $"{v.Key}: {v.Value.InsteadOf(was)}" : $"{v.Key}: {v.Value.Shown()}, which is new"),
        .. old.Where(v => !next.ContainsKey(v.Key)).Select(v => $"{v.Key}: left out, was {v.Value.Shown()}"),
    ];

    /// <summary>What a file says, by what it says it of.</summary>
    private static Dictionary<string, Dictionary<string, CatalogFact>> Facts(CatalogService service)
    {
        var facts = new Dictionary<string, Dictionary<string, CatalogFact>>(StringComparer.Ordinal);
        Add(Itself, "owner", service.Owner.Team);
        Add(Itself, "contact", service.Owner.Contact ?? "");
        Add(Itself, "environments", string.Join(", ", service.Environments));
        Add(Itself, "policies", string.Join(", ", service.PolicyOf.Count > 0 ? service.PolicyOf.Select(p => $"{p.Value} in {p.Key}") : service.Policies));
        foreach (var target in service.Targets.Where(t => t.Kind is null))
        {
            Add($"the use of the target {target.Name}", "environments", string.Join(", ", target.Environments));
        }

        foreach (var value in service.Values)
        {
            var (subject, key) = value.Path.Split(':', 5) switch
            {
                ["targets", var target, var group, var environment, var setting] when group.Equals("environments", StringComparison.OrdinalIgnoreCase) => ($"the target {target} in {environment}", setting),
                ["targets", var target, .. var rest] => ($"the target {target}", string.Join(':', rest)),
                [_, var source, .. var rest] => ($"the source {source}", string.Join(':', rest)),
                _ => (Itself, value.Path),
            };
            Put(subject, key, new(value.Text, IsValue: true, value.IsSecret, value.IsWithheld));
        }

        return facts;

        void Add(string subject, string key, string text) => Put(subject, key, new(text));

        void Put(string subject, string key, CatalogFact fact)
        {
            if (!facts.TryGetValue(subject, out var values))
            {
                facts[subject] = values = new(StringComparer.OrdinalIgnoreCase);
            }

            if (fact.IsValue || fact.Text.Length > 0)
            {
                values[key] = fact;
            }
        }
    }
}
