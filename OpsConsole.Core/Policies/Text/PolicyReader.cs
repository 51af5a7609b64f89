using System.Collections.Concurrent;

namespace OpsConsole.Core.Policies.Text;

/// <summary>Keeps the models of the texts it has read, by their digests.</summary>
public sealed class PolicyReader : IPolicyReader
{
    /// <summary>Releases that are looked at use far fewer; the bound keeps a long-lived console from growing.</summary>
    private const int Most = 1_000;

    private readonly ConcurrentDictionary<string, ReleasePolicy> _models = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ReleasePolicy Read(PolicySnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (_models.TryGetValue(snapshot.Digest, out var model))
        {
            return model;
        }

        var read = PolicyText.Check(snapshot.Text, null);
        if (read.Policy is null)
        {
            throw new FormatException($"The policy ({snapshot.Title}) has faults: {string.Join(" ", read.Errors.Take(3).Select(e => e.Sentence))}");
        }

        if (_models.Count >= Most)
        {
            _models.Clear();
        }

        return _models.GetOrAdd(snapshot.Digest, read.Policy);
    }
}
