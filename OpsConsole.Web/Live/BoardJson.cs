using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using OpsConsole.Core.Board;
using OpsConsole.Web.Api;

namespace OpsConsole.Web.Live;

/// <summary>Text that is JSON already, so that a hundred clients cost one serialisation and not a hundred.</summary>
[JsonConverter(typeof(ReadyJsonConverter))]
public sealed class ReadyJson(ReadOnlyMemory<byte> utf8)
{
    public ReadOnlyMemory<byte> Utf8 { get; } = utf8;

    private sealed class ReadyJsonConverter : JsonConverter<ReadyJson>
    {
        public override ReadyJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new JsonException("The hub takes nothing in of this form.");

        public override void Write(Utf8JsonWriter writer, ReadyJson value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value.Utf8.Span, skipInputValidation: true);
    }
}

/// <summary>Writes the board's messages. Each release is serialised once for each of its snapshots, each message once for all who need the same.</summary>
public sealed class BoardJson
{
    /// <summary>How the API and the hub write JSON.</summary>
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    private readonly Lock _lock = new();
    private readonly Dictionary<long, ReadyJson> _messages = [];
    private Dictionary<Guid, (ReleaseSnapshot Snapshot, ReadyJson Json)> _releases = [];
    private BoardSnapshot? _written;

    /// <summary>The whole board.</summary>
    public ReadyJson Board(BoardSnapshot board) => Message(null, board);

    /// <summary>What differs between two boards: the releases that changed, and the ids of those that are gone.</summary>
    public ReadyJson Changes(BoardSnapshot from, BoardSnapshot to)
    {
        ArgumentNullException.ThrowIfNull(from);
        return Message(from, to);
    }

    private ReadyJson Message(BoardSnapshot? from, BoardSnapshot to)
    {
        ArgumentNullException.ThrowIfNull(to);
        lock (_lock)
        {
            if (_written != to)
            {
                // Messages are kept for the newest board only; a reader that is behind has its own made.
                _messages.Clear();
                _written = to;
                Forget(to);
            }

            var key = from?.Version ?? -1;
            if (!_messages.TryGetValue(key, out var message))
            {
                _messages[key] = message = Write(from, to);
            }

            return message;
        }
    }

    private ReadyJson Write(BoardSnapshot? from, BoardSnapshot to)
    {
        var before = from?.Releases.ToDictionary(r => r.Id) ?? [];
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("version", to.Version);
            json.WriteString("asOf", to.AsOf);
            json.WriteStartArray("releases");
            foreach (var release in to.Releases)
            {
                if (!before.Remove(release.Id, out var old) || !ReferenceEquals(old, release))
                {
                    json.WriteRawValue(Of(release).Utf8.Span, skipInputValidation: true);
                }
            }

            json.WriteEndArray();
            if (from is not null)
            {
                json.WriteStartArray("removed");
                foreach (var gone in before.Keys)
                {
                    json.WriteStringValue(gone);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return new ReadyJson(buffer.WrittenMemory);
    }

    private ReadyJson Of(ReleaseSnapshot release)
    {
        if (!_releases.TryGetValue(release.Id, out var kept) || !ReferenceEquals(kept.Snapshot, release))
        {
            kept = (release, new ReadyJson(JsonSerializer.SerializeToUtf8Bytes(ReleaseView.Of(release), Options)));
            _releases[release.Id] = kept;
        }

        return kept.Json;
    }

    private void Forget(BoardSnapshot board)
    {
        if (_releases.Count > board.Releases.Length * 2)
        {
            var there = board.Releases.Select(r => r.Id).ToImmutableHashSet();
            _releases = _releases.Where(r => there.Contains(r.Key)).ToDictionary();
        }
    }
}
