using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace OpsConsole.Core.Switches;

/// <summary>A flag client whose token counts.</summary>
public sealed record KnownFlagClient(Guid Id, string Name, string Environment);

/// <summary>The tokens of flag clients that count, in memory: they are accepted also while the database is away, and refused from the moment they are revoked.</summary>
/// <remarks>Safe for use from several threads; looking a token up never waits.</remarks>
public sealed class FlagClientTable(TimeProvider time)
{
    /// <summary>How every such token begins.</summary>
    public const string Prefix = "opsf_";

    private readonly ConcurrentDictionary<string, Entry> _byHash = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, string> _hashes = [];
    private readonly ConcurrentDictionary<Guid, bool> _revoked = [];
    private volatile bool _loaded;

    /// <summary>Told the id of a client right after its token stopped counting: what it still holds open is to be closed. Who listens must not wait.</summary>
    public event Action<Guid>? Revoked;

    /// <summary>False until the stored clients were read once. Until then an unknown token may be a good one.</summary>
    public bool IsLoaded => _loaded;

    /// <summary>The environments whose flags are read by tokens that count.</summary>
    public IEnumerable<string> Environments => _byHash.Values.Select(entry => entry.Client.Environment);

    /// <summary>A new token; it cannot be had again.</summary>
    public static string NewToken() => Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>What is kept of a token: its SHA-256 in lower-case hex.</summary>
    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>Whose token it is, or null; notes that it was used.</summary>
    /// <remarks>The look-up is by hash, so how long it takes tells nothing about any token.</remarks>
    public KnownFlagClient? Find(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (!token.StartsWith(Prefix, StringComparison.Ordinal) || !_byHash.TryGetValue(Hash(token), out var entry))
        {
            return null;
        }

        entry.Use(time.GetUtcNow());
        return entry.Client;
    }

    /// <summary>True while the client's token counts.</summary>
    public bool Counts(Guid id) => _hashes.ContainsKey(id);

    /// <summary>The client of that id while its token counts, or null. Notes no use.</summary>
    public KnownFlagClient? Find(Guid id) => _hashes.TryGetValue(id, out var hash) && _byHash.TryGetValue(hash, out var entry) ? entry.Client : null;

    /// <summary>Takes all stored clients and counts as loaded from then on.</summary>
    public void Load(IEnumerable<FlagClient> stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        foreach (var client in stored.Where(c => c.RevokedAt is null))
        {
            Add(client);
        }

        _loaded = true;
    }

    /// <summary>Takes one that was just made.</summary>
    public void Add(FlagClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        _hashes[client.Id] = client.TokenHash;
        _byHash.TryAdd(client.TokenHash, new Entry(new KnownFlagClient(client.Id, client.Name, client.Environment), client.LastUsedAt));

        // It may have been revoked after it was read from the store: what comes later here must not bring it back.
        if (_revoked.ContainsKey(client.Id))
        {
            Remove(client.Id);
        }
    }

    /// <summary>Lets a client's token count no more.</summary>
    public void Revoke(Guid id)
    {
        _revoked[id] = true;
        Remove(id);
        Revoked?.Invoke(id);
    }

    /// <summary>When tokens were last used, to the minute, of those that were used since this was last asked.</summary>
    public IReadOnlyDictionary<Guid, DateTimeOffset> TakeUses() => _byHash.Values
        .Select(entry => (entry.Client.Id, At: entry.TakeUse()))
        .Where(use => use.At is not null)
        .ToDictionary(use => use.Id, use => use.At!.Value);

    private void Remove(Guid id)
    {
        if (_hashes.TryRemove(id, out var hash))
        {
            _byHash.TryRemove(hash, out _);
        }
    }

    private sealed class Entry(KnownFlagClient client, DateTimeOffset? lastUsed)
    {
        private long _used = Minute(lastUsed);
        private long _taken = Minute(lastUsed);

        public KnownFlagClient Client => client;

        public void Use(DateTimeOffset at)
        {
            var minute = Minute(at);
            if (Volatile.Read(ref _used) != minute)
            {
                Volatile.Write(ref _used, minute);
            }
        }

        public DateTimeOffset? TakeUse()
        {
            var used = Volatile.Read(ref _used);
            return Interlocked.Exchange(ref _taken, used) == used ? null : DateTimeOffset.FromUnixTimeSeconds(used * 60);
        }

        private static long Minute(DateTimeOffset? at) => (at?.ToUnixTimeSeconds() ?? 0) / 60;
    }
}
