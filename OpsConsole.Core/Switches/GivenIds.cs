using System.Collections.Concurrent;

namespace OpsConsole.Core.Switches;

/// <summary>Ids that clients were given and have not brought back yet, with the reader that each was counted as until then. Safe for use from several threads.</summary>
/// <param name="most">Kept at a time; of more the oldest are forgotten, and whoever brings one of those is counted as new.</param>
internal sealed class GivenIds(int most)
{
    private readonly ConcurrentDictionary<(string Environment, string Id), (FlagReader Reader, long Version)> _given = [];
    private readonly ConcurrentQueue<(string Environment, string Id)> _order = [];

    /// <summary>Remembers that a reader was given an id.</summary>
    /// <param name="environment">Whose flags it reads.</param>
    /// <param name="id">The id.</param>
    /// <param name="reader">The reader, by its place.</param>
    /// <param name="version">What it was answered with that id. Others at its place may have been answered something newer since.</param>
    public void Add(string environment, string id, FlagReader reader, long version)
    {
        _given[(environment, id)] = (reader, version);
        _order.Enqueue((environment, id));
        while (_order.Count > most && _order.TryDequeue(out var oldest))
        {
            _given.TryRemove(oldest, out _);
        }
    }

    /// <summary>The reader that was given the id, or null.</summary>
    public FlagReader? Find(string environment, string id) => _given.TryGetValue((environment, id), out var given) ? given.Reader : null;

    /// <summary>The reader that was given the id and what it was answered then, once.</summary>
    public (FlagReader Reader, long Version)? Take(string environment, string id) => _given.TryRemove((environment, id), out var given) ? given : null;
}
