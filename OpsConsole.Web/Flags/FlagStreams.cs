using Microsoft.Extensions.Options;
using OpsConsole.Core.Switches;
using OpsConsole.Web.Api;

namespace OpsConsole.Web.Flags;

/// <summary>The latest change that clients of an environment have to know of.</summary>
/// <param name="Version">Of the <see cref="SwitchBoard"/>; 0 before the first change since the console started.</param>
/// <param name="At">When it was decided.</param>
internal readonly record struct LatestChange(long Version, DateTimeOffset At)
{
    public static LatestChange Later(LatestChange one, LatestChange other) => one.Version >= other.Version ? one : other;
}

/// <summary>Every open stream, and what each is to hear of. Safe for use from several threads.</summary>
internal sealed class FlagStreams : IFlagEventStreams
{
    /// <summary>After this long without a word a stream is sent a comment, so that proxies keep it and a broken connection is noticed.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>Streams of one client. Of more the oldest is ended: it is most likely one that the client lost without either side noticing.</summary>
    public const int MostOfClient = 8;

    private readonly Lock _lock = new();
    private readonly HashSet<FlagStream> _streams = [];
    private readonly Dictionary<(string Environment, string Client), List<FlagStream>> _byClient = [];
    private readonly Dictionary<Guid, int> _byToken = [];
    private readonly Dictionary<string, LatestChange> _places = new(StringComparer.Ordinal);
    private readonly FlagTickets _tickets;
    private readonly FlagOptions _options;
    private readonly TimeProvider _time;
    private LatestChange _everywhere;
    private int _count;
    private bool _stopping;

    public FlagStreams(SwitchBoard switches, FlagClientTable clients, FlagTickets tickets, IOptions<FlagOptions> options, TimeProvider time, IHostApplicationLifetime lifetime)
    {
        (_tickets, _options, _time) = (tickets, options.Value, time);
        switches.Changed += Announce;
        clients.Revoked += id => End(stream => stream.Token == id);
        lifetime.ApplicationStopping.Register(Stop);
    }

    /// <summary>Open streams. Asked with every bulk answer, so it waits for nobody.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <inheritdoc/>
    public string? Stamp => IsFull ? null : _tickets.Stamp;

    private bool IsFull => Count >= _options.MaxStreams;

    /// <inheritdoc/>
    public bool IsGood(string? stamp) => stamp is null ? IsFull : _tickets.IsGood(stamp);

    /// <inheritdoc/>
    public string? RequestUri(FlagReaderId reader, Guid? flagClient)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return IsFull ? null : $"{FlagEvents.Path}?client={reader.Id}&environment={Uri.EscapeDataString(reader.Environment)}&ticket={_tickets.Write(new FlagTicket(reader.Environment, reader.Id, flagClient ?? Guid.Empty))}";
    }

    /// <summary>A new stream, or null when there are too many. It is to be given back to <see cref="Close"/>.</summary>
    public FlagStream? Open(FlagReaderId reader, Guid token)
    {
        lock (_lock)
        {
            if (_stopping || _streams.Count >= _options.MaxStreams || _byToken.GetValueOrDefault(token) >= _options.MaxStreamsPerToken)
            {
                return null;
            }

            var stream = new FlagStream(reader, token, _time.GetTimestamp());
            _streams.Add(stream);
            Volatile.Write(ref _count, _streams.Count);
            _byToken[token] = _byToken.GetValueOrDefault(token) + 1;
            if (!_byClient.TryGetValue((reader.Environment, reader.Id), out var own))
            {
                _byClient[(reader.Environment, reader.Id)] = own = new List<FlagStream>(1);
            }

            own.Add(stream);
            if (own.Count > MostOfClient)
            {
                own[0].End();
                own.RemoveAt(0);
            }

            return stream;
        }
    }

    /// <summary>Gives a stream back.</summary>
    public void Close(FlagStream stream)
    {
        lock (_lock)
        {
            if (!_streams.Remove(stream))
            {
                return;
            }

            Volatile.Write(ref _count, _streams.Count);
            if (--_byToken[stream.Token] == 0)
            {
                _byToken.Remove(stream.Token);
            }

            var client = (stream.Reader.Environment, stream.Reader.Id);
            if (_byClient.TryGetValue(client, out var own) && own.Remove(stream) && own.Count == 0)
            {
                _byClient.Remove(client);
            }
        }
    }

    /// <summary>The latest change that clients of the environment have to know of.</summary>
    public LatestChange Latest(string environment)
    {
        lock (_lock)
        {
            return LatestChange.Later(_everywhere, _places.GetValueOrDefault(environment));
        }
    }

    /// <summary>Has streams that were quiet look again.</summary>
    public void Beat()
    {
        lock (_lock)
        {
            foreach (var stream in _streams.Where(IsQuiet))
            {
                stream.Look();
            }
        }
    }

    /// <summary>True when it is time for a heartbeat.</summary>
    public bool IsQuiet(FlagStream stream) => _time.GetElapsedTime(stream.WrittenAt) >= Heartbeat;

    private void Announce(FlagChange change)
    {
        var latest = new LatestChange(change.Version, change.At);
        lock (_lock)
        {
            // Two changes at once may be told in either order.
            if (change.Environment is null)
            {
                _everywhere = LatestChange.Later(_everywhere, latest);
            }
            else
            {
                _places[change.Environment] = LatestChange.Later(_places.GetValueOrDefault(change.Environment), latest);
            }

            foreach (var stream in _streams.Where(s => change.Environment is null || s.Reader.Environment == change.Environment))
            {
                stream.Look();
            }
        }
    }

    private void Stop()
    {
        lock (_lock)
        {
            _stopping = true;
        }

        End(_ => true);
    }

    private void End(Func<FlagStream, bool> which)
    {
        lock (_lock)
        {
            foreach (var stream in _streams.Where(which))
            {
                stream.End();
            }
        }
    }
}
