using System.Collections.Concurrent;

namespace OpsConsole.Core.Access.Tokens;

/// <summary>The tokens of one kind that count, in memory: they are accepted also while the database is away, and refused from the moment they are revoked.</summary>
/// <remarks>Safe for use from several threads; looking a token up never waits.</remarks>
/// <typeparam name="TStored">What is kept of a token.</typeparam>
/// <typeparam name="TKnown">Whose it is, as long as it counts.</typeparam>
public abstract class TokenTable<TStored, TKnown>(string prefix, TimeProvider time)
    where TStored : class, IKeptToken
    where TKnown : class
{
    private readonly ConcurrentDictionary<string, Entry> _byHash = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, string> _hashes = [];
    private readonly ConcurrentDictionary<Guid, bool> _revoked = [];
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _lastUses = [];
    private volatile bool _loaded;

    /// <summary>Told the id of a token right after it stopped counting: what it still holds open is to be closed. Who listens must not wait.</summary>
    public event Action<Guid>? Revoked;

    /// <summary>False until the stored tokens were read once. Until then an unknown token may be a good one.</summary>
    public bool IsLoaded => _loaded;

    /// <summary>Everything that counts.</summary>
    protected IEnumerable<TKnown> Known => _byHash.Values.Where(entry => StillCounts(entry.Known)).Select(entry => entry.Known);

    /// <summary>The time of now.</summary>
    protected DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Whose token it is, or null; notes that it was used.</summary>
    /// <remarks>The look-up is by hash, so how long it takes tells nothing about any token.</remarks>
    public TKnown? Find(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (!token.StartsWith(prefix, StringComparison.Ordinal) || !_byHash.TryGetValue(TokenText.Hash(token), out var entry) || !StillCounts(entry.Known))
        {
            return null;
        }

        entry.Use(time.GetUtcNow());
        return entry.Known;
    }

    /// <summary>True while the token counts.</summary>
    public bool Counts(Guid id) => Find(id) is not null;

    /// <summary>Whose the token of that id is while it counts, or null. Notes no use.</summary>
    public TKnown? Find(Guid id) => _hashes.TryGetValue(id, out var hash) && _byHash.TryGetValue(hash, out var entry) && StillCounts(entry.Known) ? entry.Known : null;

    /// <summary>Takes what is stored, all of it or what changed, and counts as loaded from then on.</summary>
    public void Load(IEnumerable<TStored> stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        foreach (var token in stored)
        {
            if (token.RevokedAt is null)
            {
                Add(token);
            }
            else if (_hashes.ContainsKey(token.Id))
            {
                Revoke(token.Id);
            }
        }

        _loaded = true;
    }

    /// <summary>Takes one that was just made.</summary>
    public void Add(TStored token)
    {
        ArgumentNullException.ThrowIfNull(token);
        _hashes[token.Id] = token.TokenHash;
        _byHash.TryAdd(token.TokenHash, new Entry(token.Id, Know(token), token.LastUsedAt));

        // It may have been revoked after it was read from the store: what comes later here must not bring it back.
        if (IsRevoked(token))
        {
            Remove(token.Id);
        }
    }

    /// <summary>Lets a token count no more.</summary>
    public virtual void Revoke(Guid id)
    {
        _revoked[id] = true;
        Remove(id);
        Revoked?.Invoke(id);
    }

    /// <summary>When tokens were last used, to the minute, of those that were used since this was last asked; also of those that count no more since.</summary>
    public IReadOnlyDictionary<Guid, DateTimeOffset> TakeUses()
    {
        var uses = new Dictionary<Guid, DateTimeOffset>();
        foreach (var id in _lastUses.Keys)
        {
            if (_lastUses.TryRemove(id, out var at))
            {
                uses[id] = at;
            }
        }

        foreach (var entry in _byHash.Values)
        {
            if (entry.TakeUse() is { } at)
            {
                uses[entry.Id] = at;
            }
        }

        return uses;
    }

    /// <summary>Takes uses back that could not be noted, for the next time.</summary>
    public void Untake(IReadOnlyDictionary<Guid, DateTimeOffset> uses)
    {
        ArgumentNullException.ThrowIfNull(uses);
        foreach (var (id, at) in uses)
        {
            _lastUses.AddOrUpdate(id, at, (_, kept) => kept > at ? kept : at);
        }
    }

    /// <summary>When a token was last used here, to the minute, whether that was noted yet or not; null where nothing is known of a use.</summary>
    public DateTimeOffset? LastUse(Guid id)
    {
        DateTimeOffset? left = _lastUses.TryGetValue(id, out var at) ? at : null;
        return _hashes.TryGetValue(id, out var hash) && _byHash.TryGetValue(hash, out var entry) && entry.LastUse is { } used && !(left > used) ? used : left;
    }

    /// <summary>Lets go of what counts no more by itself, after its last use was taken.</summary>
    public void Forget()
    {
        foreach (var entry in _byHash.Values.Where(entry => !StillCounts(entry.Known)))
        {
            Remove(entry.Id);
        }
    }

    /// <summary>True for a token that was revoked here.</summary>
    protected virtual bool IsRevoked(TStored token) => WasRevoked(token.Id);

    /// <summary>True where the token of that id was revoked here.</summary>
    protected bool WasRevoked(Guid id) => _revoked.ContainsKey(id);

    /// <summary>Whose a token is.</summary>
    protected abstract TKnown Know(TStored token);

    /// <summary>False once a token counts no more by itself.</summary>
    protected virtual bool StillCounts(TKnown known) => true;

    private void Remove(Guid id)
    {
        // What it was last used for is asked when it is revoked: that use must not go with it.
        if (_hashes.TryRemove(id, out var hash) && _byHash.TryRemove(hash, out var entry) && entry.TakeUse() is { } used)
        {
            Untake(new Dictionary<Guid, DateTimeOffset> { [id] = used });
        }
    }

    private sealed class Entry(Guid id, TKnown known, DateTimeOffset? lastUsed)
    {
        private long _used = Minute(lastUsed);
        private long _taken = Minute(lastUsed);

        public Guid Id => id;

        public TKnown Known => known;

        public void Use(DateTimeOffset at)
        {
            var minute = Minute(at);
            if (Volatile.Read(ref _used) != minute)
            {
                Volatile.Write(ref _used, minute);
            }
        }

        public DateTimeOffset? LastUse => Volatile.Read(ref _used) is > 0 and var used ? DateTimeOffset.FromUnixTimeSeconds(used * 60) : null;

        public DateTimeOffset? TakeUse()
        {
            var used = Volatile.Read(ref _used);
            return Interlocked.Exchange(ref _taken, used) == used ? null : DateTimeOffset.FromUnixTimeSeconds(used * 60);
        }

        private static long Minute(DateTimeOffset? at) => (at?.ToUnixTimeSeconds() ?? 0) / 60;
    }
}
