using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OpsConsole.Web.Api;

namespace OpsConsole.Web.Flags;

/// <summary>Writes what streams are sent. The tag of an environment's flags is made once for each change, however many streams are told of it.</summary>
internal sealed class FlagEventText(FlagAnswerBook book)
{
    private const int MostKept = 256;

    private readonly ConcurrentDictionary<string, (long Version, string Tag, long LastModified)> _kept = new(StringComparer.Ordinal);
    private readonly Lock _making = new();

    /// <summary>Tells this start of the console from others.</summary>
    private readonly string _run = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));

    /// <summary>A heartbeat.</summary>
    public static byte[] Comment { get; } = ":\n\n"u8.ToArray();

    /// <summary>How long to wait before connecting again, each client a different time, so that a thousand that lose their connection together do not come back together.</summary>
    public static byte[] Retry() => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"retry: {RandomNumberGenerator.GetInt32(2_000, 8_000)}\n\n"));

    /// <summary>What a client is to remember as the last it knows of.</summary>
    public byte[] Mark(LatestChange latest) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {_run}-{latest.Version}\n\n"));

    /// <summary>"Ask again."</summary>
    public byte[] Refetch(string environment, LatestChange latest, string client)
    {
        var (_, tag, lastModified) = For(environment, latest);
        return Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"event: message\nid: {_run}-{latest.Version}\ndata: {{\"type\":\"refetchEvaluation\",\"etag\":\"{tag}.{client}\",\"lastModified\":{lastModified}}}\n\n"));
    }

    /// <summary>True when a client that has seen this id knows of the change. Ids of an earlier start never do.</summary>
    public bool Knows(string lastEventId, LatestChange latest)
    {
        var dash = lastEventId.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 && lastEventId.AsSpan(0, dash).SequenceEqual(_run)
            && long.TryParse(lastEventId.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version >= latest.Version;
    }

    private (long Version, string Tag, long LastModified) For(string environment, LatestChange latest)
    {
        if (_kept.TryGetValue(environment, out var kept) && kept.Version >= latest.Version)
        {
            return kept;
        }

        lock (_making)
        {
            if (_kept.TryGetValue(environment, out kept) && kept.Version >= latest.Version)
            {
                return kept;
            }

            var answers = book.For(environment);
            var made = (answers.Version, answers.ConfigurationTag, Math.Max(answers.LastModified.ToUnixTimeSeconds(), latest.At.ToUnixTimeSeconds()));
            if (_kept.Count < MostKept || _kept.ContainsKey(environment))
            {
                _kept[environment] = made;
            }

            return made;
        }
    }
}
