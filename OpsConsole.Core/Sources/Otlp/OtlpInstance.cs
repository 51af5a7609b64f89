using OpsConsole.Core.Sources.Otlp.Streams;
using OpsConsole.Core.Sources.PrometheusText;

namespace OpsConsole.Core.Sources.Otlp;

/// <summary>One resource that sends metrics of a version: a process, most often.</summary>
/// <param name="limits">How much is kept.</param>
/// <param name="labels">Those that every series of it has.</param>
/// <param name="isNamed">Whether it says which process it is, by <c>service.instance.id</c>.</param>
/// <param name="now">By the console's clock.</param>
internal sealed class OtlpInstance(OtlpLimits limits, List<(string Key, Label Label)> labels, bool isNamed, DateTimeOffset now)
{
    /// <summary>Once a resource has been heard for so long, its first export has come in whole: what appears in it later is new.</summary>
    private static readonly TimeSpan Known = TimeSpan.FromSeconds(20);

    /// <summary>Longest silence after which a series that appears began in between.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(5);

    private readonly Dictionary<SeriesId, (string Metric, OtlpStream Stream)> _streams = [];
    private readonly DateTimeOffset _first = now;
    private DateTimeOffset _exportBegan = DateTimeOffset.MinValue;

    /// <summary>Whether it says which process it is: two that say the same are theirs to tell apart.</summary>
    public bool IsNamed => isNamed;

    /// <summary>Until when nothing of it has a value, because it may be two processes.</summary>
    public DateTimeOffset? MixedUpUntil { get; set; }

    /// <summary>When something came from it last.</summary>
    public DateTimeOffset Heard { get; private set; } = now;

    public long Export { get; private set; }

    /// <summary>How many series it is as Prometheus would write them.</summary>
    public int Lines { get; private set; }

    public IEnumerable<(string Metric, OtlpStream Stream)> Streams => _streams.Values;

    /// <summary>Whether what appears now began just now, by what is known of the resource alone.</summary>
    public bool IsNewSince { get; private set; }

    /// <summary>Notes that a request came in.</summary>
    public void Hear(DateTimeOffset at)
    {
        IsNewSince = at - _first > Known && at - Heard <= LongestSilence;
        if (at - Heard > limits.Settling || at - _exportBegan > limits.SettlingAtMost)
        {
            Export++;
            _exportBegan = at;
        }

        Heard = at;
    }

    /// <summary>Whether what came in last is whole.</summary>
    public bool IsSettled(DateTimeOffset at) => at - Heard >= limits.Settling;

    /// <summary>Key of a series within the resource.</summary>
    public static SeriesId Key(string metric, OtlpScope scope, OtlpPoint point) => OtlpLabels.Series(metric, OtlpLabels.Point(scope, point));

    /// <summary>The series with the resource's labels.</summary>
    public SeriesId Whole(string metric, OtlpScope scope, OtlpPoint point) => OtlpLabels.Series(metric, [.. labels, .. OtlpLabels.Point(scope, point)]);

    public OtlpStream? Find(SeriesId key) => _streams.TryGetValue(key, out var found) ? found.Stream : null;

    public void Add(SeriesId key, string metric, OtlpStream stream) => _streams.Add(key, (metric, stream));

    public void Remove(SeriesId key) => _streams.Remove(key);

    /// <summary>Forgets what is silent and can be forgotten.</summary>
    public void Forget(ulong olderThan)
    {
        foreach (var (key, _) in _streams.Where(s => s.Value.Stream.CanBeForgotten && s.Value.Stream.Time < olderThan).ToList())
        {
            _streams.Remove(key);
        }

        CountLines();
    }

    /// <summary>Counts its series anew.</summary>
    public void CountLines() => Lines = _streams.Values.Sum(static s => s.Stream.Lines);
}
