using OpsConsole.Core.Policies.Text;

namespace OpsConsole.Core.Catalog;

/// <summary>Reads a file of the catalogue strictly: what is not known, or there twice, or refers to what is not there, is a fault at its place (docs/catalog.md).</summary>
/// <remarks>What the settings of a target or source must be is not judged here: that is the same for whatever they come from.</remarks>
public static class CatalogText
{
    /// <summary>Reads a file and says everything that is wrong with it as a text. Never throws for what a file says.</summary>
    public static CatalogReading Read(CatalogFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new CatalogFileReader(file).Read();
    }

    /// <summary>Reads one file.</summary>
    private sealed class CatalogFileReader(CatalogFile file)
    {
        /// <summary>The page that adds a service has this name.</summary>
        private const string Reserved = "add";

        private const int MostNames = 50, LongestContact = 200;

        private static readonly YamlSubject Subject = new("A file of the catalogue", "the catalogue");

        private static readonly string[] Keys = ["service", "owner", "environments", "targets", "sources", "policies"];

        private readonly PolicyFaults _faults = new();
        private readonly Dictionary<string, (int Line, int Column)> _places = new(StringComparer.OrdinalIgnoreCase);
        private readonly List<CatalogValue> _values = [];

        public CatalogReading Read()
        {
            var service = PolicyTree.Read(file.Text, _faults, Subject) switch
            {
                MapNode { Entries.Count: > 0 } root => Service(root),
                null or ScalarNode { IsEmpty: true } or MapNode => Nothing(1, 1),
                var other => Nothing(other.Line, other.Column),
            };
            List<CatalogFault> faults = [.. _faults.Result(null).Errors.Select(f => new CatalogFault(file.Name, f.Line, f.Column, f.Message, f.Suggestion))];
            return new(file, faults.Count == 0 ? service : null, faults, new CatalogPlaces(_places));
        }

        private CatalogService? Nothing(int line, int column)
        {
            if (_faults.ErrorCount == 0)
            {
                _faults.Error(line, column, $"A file of the catalogue says something of a service; known are {string.Join(", ", Keys)}.");
            }

            return null;
        }

        private CatalogService? Service(MapNode root)
        {
            var map = new CatalogMap(root, _faults);
            map.Known("a file of the catalogue", Keys);
            var name = map.Name("service", required: true);
            if (name == Reserved)
            {
                _faults.Error(map.Node("service")!, $"'{Reserved}' is taken by the pages of the console; choose another name.");
            }
            else if (name is not null && CatalogFile.NameOf(name) != file.Name)
            {
                _faults.Error(map.Node("service")!, $"The file of {name} is called {CatalogFile.NameOf(name)}, and this one is {file.Name}.");
            }

            var owner = Owner(map);
            var environments = map.Names("environments", MostNames, required: true);
            var (policies, policyOf) = Policies(map, environments);
            List<CatalogTarget> targets = [.. map.Maps("targets", MostNames).Select(t => Target(t.Key, t.Value, environments)).OfType<CatalogTarget>()];
            List<CatalogSource> sources = [.. map.Maps("sources", MostNames).Select(s => Source(s.Key, s.Value, environments, targets)).OfType<CatalogSource>()];
            return name is null || owner is null ? null : new CatalogService
            {
                Name = name, Owner = owner, Environments = environments, Policies = policies, PolicyOf = policyOf, Targets = targets, Sources = sources, Values = _values,
            };
        }

        private static CatalogOwner? Owner(CatalogMap root)
        {
            if (root.Map("owner", required: true) is not { } map)
            {
                return null;
            }

            map.Known("'owner'", ["team", "contact"]);
            return (map.Name("team", required: true), map.Line("contact", LongestContact)) is ({ } team, var contact) ? new CatalogOwner(team, contact) : null;
        }

        /// <summary>A list of names, or a name for each environment.</summary>
        private (IReadOnlyList<string> Names, Dictionary<string, string> OfEnvironment) Policies(CatalogMap root, IReadOnlyList<string> environments)
        {
            var ofEnvironment = new Dictionary<string, string>(StringComparer.Ordinal);
            if (root.Node("policies") is not MapNode)
            {
                root.Each("policies", name => _places.TryAdd($"policies:{name.Text}", (name.Line, name.Column)));
                return (root.Names("policies", MostNames, required: false), ofEnvironment);
            }

            var map = root.Map("policies", required: true)!;
            foreach (var (key, _) in map.At.Entries)
            {
                OneOf(key, environments, "the service's environments");
                if (map.Name(key.Text, required: true) is { } name)
                {
                    ofEnvironment[key.Text] = name;
                    _places.TryAdd($"policies:{name}", (key.Line, key.Column));
                }
            }

            return ([.. ofEnvironment.Values.Distinct()], ofEnvironment);
        }

        private CatalogTarget? Target(ScalarNode key, CatalogMap map, IReadOnlyList<string> environments)
        {
            if (map.Node("kind") is not { } kind)
            {
                // Connected by another file or by the configuration: only where it is used is said here.
                map.Known($"the target {key.Text} without 'kind', which another file or the configuration connects", ["environments"]);
                var used = map.Names("environments", MostNames, required: true);
                map.Each("environments", name => OneOf(name, environments, "the service's environments"));
                return CatalogMap.IsName(key, "a target's name", _faults) ? new(key.Text, used, null) : null;
            }

            Flatten($"targets:{key.Text}", key, map.At);
            var places = map.Map("environments", required: false)?.At.Entries.Select(e => e.Key).ToList() ?? [];
            places.ForEach(name => OneOf(name, environments, "the service's environments"));

            // A kind that is the same everywhere names no environment.
            return new(key.Text, places.Count == 0 ? environments : [.. places.Select(p => p.Text)], (kind as ScalarNode)?.Text);
        }

        private CatalogSource? Source(ScalarNode key, CatalogMap map, IReadOnlyList<string> environments, List<CatalogTarget> targets)
        {
            Flatten($"sources:{key.Text}", key, map.At);
            if (map.Node("service") is { } service)
            {
                _faults.Error(service, "The service of a source is the one that the file is about; take 'service' out.");
            }

            var (target, environment) = (map.Scalar("target", required: true), map.Scalar("environment", required: true));
            if (target is not null)
            {
                OneOf(target, [.. targets.Select(t => t.Name)], "the targets of this file", "name it under 'targets' as well, with its environments where it is connected elsewhere");
            }

            if (environment is not null)
            {
                OneOf(environment, environments, "the service's environments");
            }

            return target is null || environment is null ? null : new(key.Text, map.Scalar("kind", required: false)?.Text, target.Text, environment.Text);
        }

        private void OneOf(ScalarNode name, IReadOnlyList<string> known, string what, string? instead = null)
        {
            if (!known.Contains(name.Text))
            {
                _faults.Error(
                    name, $"'{PolicyNames.Shown(name.Text)}' is none of {what}{(known.Count == 0 ? "" : $" ({string.Join(", ", known)})")}{(instead is null ? "" : $"; {instead}")}.", Spelling.Suggest(name.Text, known));
            }
        }

        /// <summary>Takes everything below a key as values by path, which is how settings are read wherever they come from.</summary>
        private void Flatten(string path, ScalarNode key, PolicyNode node)
        {
            _places[path] = (key.Line, key.Column);
            switch (node)
            {
                case ScalarNode { IsEmpty: true }:
                    _faults.Error(key, $"'{PolicyNames.Shown(key.Text)}' has no value; give it one or take the key out.");
                    break;
                case ScalarNode scalar:
                    _values.Add(new(path, scalar.Text, IsSecret: false));
                    break;
                case ListNode list:
                    _faults.Error(list, $"'{PolicyNames.Shown(key.Text)}' takes no list here; where several are meant, write them on one line with commas.");
                    break;
                case MapNode map when MayBeSecret(path) && map.Entries is [({ Text: "secret" }, ScalarNode { IsEmpty: false } name)]:
                    if (CatalogName.IsValid(name.Text))
                    {
                        _values.Add(new(path, name.Text, IsSecret: true));
                    }
                    else
                    {
                        // Whoever was to name a secret may have given it: it is repeated nowhere.
                        _faults.Error(name, $"What stands here is no secret's name: that has {CatalogName.Form}. It is not shown, because it may be the secret itself; no secret stands in a file.");
                    }

                    break;
                case MapNode map:
                    FlattenEach(path, map);
                    break;
            }
        }

        private void FlattenEach(string path, MapNode map)
        {
            var lines = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
            foreach (var (key, value) in map.Entries)
            {
                if (key.Text.Length == 0 || key.Text.Contains(':', StringComparison.Ordinal))
                {
                    _faults.Error(key, "A key has at least one character, and no colon in it.");
                }
                else if (!lines.TryAdd(key.Text, key.Line))
                {
                    _faults.Error(key, $"'{PolicyNames.Shown(key.Text)}' is there twice but for capital letters, first on line {lines[key.Text]}; keep one.");
                }
                else
                {
                    Flatten($"{path}:{key.Text}", key, value);
                }
            }
        }

        /// <summary>True for a setting of a target in an environment, or of a source: not for what is grouped below one.</summary>
        private static bool MayBeSecret(string path) => path.Split(':') is ["targets", _, _, _, var setting] && !Is(setting, "services")
            || (path.Split(':') is ["sources", _, var own] && !Is(own, "signals") && !Is(own, "checks"));

        private static bool Is(string key, string other) => key.Equals(other, StringComparison.OrdinalIgnoreCase);
    }
}
