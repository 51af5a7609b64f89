using OpsConsole.Core.Sources.PrometheusText;

namespace OpsConsole.Core.Sources.Otlp;

/// <summary>Whose metrics: <c>service.name</c>, <c>deployment.environment.name</c> and <c>service.version</c>.</summary>
internal readonly record struct OtlpPlace(string Service, string Environment, string Version);

/// <summary>The metrics of one version of a service in one environment, of every resource that sends them.</summary>
/// <param name="limits">How much is kept.</param>
/// <param name="listening">Since when exports are taken at all, in nanoseconds since 1970 in UTC.</param>
internal sealed class OtlpVersion(OtlpLimits limits, ulong listening)
{
    /// <summary>How long a metric has no value after a point of it was left out.</summary>
    private static readonly TimeSpan Incomplete = TimeSpan.FromMinutes(2);

    private const string MixedUp =
        "No start time, no service.instance.id, and what only rises went down: two processes could be mixed up, and a rate of theirs could look better than it is. So nothing of them has a value until that was not so for 10 min.";

    private readonly Lock _lock = new();
    private readonly Dictionary<SeriesId, OtlpInstance> _instances = [];
    private readonly Dictionary<string, OtlpSeriesSet> _metrics = new(StringComparer.Ordinal);
    private (DateTimeOffset At, string Sentence)? _note;
    private OtlpView? _view;
    private bool _viewIsWhole;

    /// <summary>How many series there are as Prometheus would write them.</summary>
    public int Lines { get; private set; }

    /// <summary>Takes in what one resource sends.</summary>
    /// <param name="resource">With its metrics.</param>
    /// <param name="now">By the console's clock.</param>
    /// <param name="room">How many more series there may be in all.</param>
    /// <param name="receipt">Told what became of each point.</param>
    public void Take(OtlpResource resource, DateTimeOffset now, int room, OtlpReceipt receipt)
    {
        lock (_lock)
        {
            var labels = OtlpLabels.Resource(resource);
            var key = OtlpLabels.Series("resource", labels);
            if (!_instances.TryGetValue(key, out var instance))
            {
                if (_instances.Count >= limits.ResourcesOfOneVersion)
                {
                    Refuse(resource, now, receipt);
                    return;
                }

                instance = new(limits, labels, resource.Find("service.instance.id") is not null, now);
            }

            var before = instance.Lines;
            instance.Hear(now);
            var most = Math.Min(limits.OfOneVersion, Lines + room) - Lines + instance.Lines;
            var taking = new OtlpTaking(instance, now, Math.Min(most, limits.OfOneResource), most < limits.OfOneResource);
            foreach (var scope in resource.Scopes)
            {
                foreach (var metric in scope.Metrics)
                {
                    Take(taking, scope, metric);
                }
            }

            receipt.Add(taking.Receipt);
            if (taking.Receipt.Message is { } message)
            {
                _note = (now, message);
            }

            // Of what sends nothing that is taken, nothing is kept.
            instance.CountLines();
            Lines += instance.Lines - before;
            if (instance.Streams.Any())
            {
                _instances[key] = instance;
            }
            else
            {
                _instances.Remove(key);
            }

            _view = null;
        }
    }

    /// <summary>How everything stands.</summary>
    public OtlpView Look(DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_view is null || !_viewIsWhole)
            {
                _viewIsWhole = _instances.Values.All(i => i.IsSettled(now));
                _view = View(now);
            }

            return _view;
        }
    }

    /// <summary>Forgets what was silent for long. True when nothing is left, and nothing was refused lately.</summary>
    public bool Forget(DateTimeOffset now)
    {
        lock (_lock)
        {
            foreach (var (key, instance) in _instances.ToList())
            {
                if (now - instance.Heard > limits.Kept)
                {
                    _instances.Remove(key);
                }
                else
                {
                    instance.Forget(Nanoseconds(now - limits.Kept));
                }
            }

            var left = _instances.Values.SelectMany(static i => i.Streams).Select(static s => s.Metric).ToHashSet(StringComparer.Ordinal);
            foreach (var name in _metrics.Where(m => !left.Contains(m.Key) && !m.Value.IsRefused(now)).Select(static m => m.Key).ToList())
            {
                _metrics.Remove(name);
            }

            Lines = _instances.Values.Sum(static i => i.Lines);
            return _instances.Count == 0 && !(_note is { } note && now - note.At <= limits.Kept);
        }
    }

    public static ulong Nanoseconds(DateTimeOffset at) => (ulong)(at - DateTimeOffset.UnixEpoch).Ticks * 100;

    private void Take(OtlpTaking taking, OtlpScope scope, OtlpMetric metric)
    {
        var name = OtlpLabels.Metric(metric.Name);
        if (name is null || OtlpSeriesSet.TypeOf(metric) is not { } type)
        {
            taking.Receipt.Reject(metric.Points.Count, name is null ? "a metric's name has to be 1 to 255 characters" : $"the metric {name} {OtlpSeriesSet.WhyNone(metric)}");
            return;
        }

        var isNew = !_metrics.TryGetValue(name, out var known);
        if (isNew && _metrics.Count >= limits.MetricsOfOneVersion)
        {
            taking.Receipt.Reject(metric.Points.Count, $"there are {limits.MetricsOfOneVersion} metrics of one version already, which is all that are kept: names that are ever new, most likely");
            return;
        }

        known ??= new(metric.Form, type);
        foreach (var point in metric.Points)
        {
            var fault = !known.IsOf(metric.Form, type)
                ? $"the metric {name} was of another form in what came before"
                : Take(taking, scope, metric, point, name, known);
            if (fault is null)
            {
                taking.Receipt.Accept();
            }
            else
            {
                taking.Receipt.Reject(1, fault);
                if (!IsLate(point, taking.Now))
                {
                    known.Refuse(taking.Now + Incomplete, $"Some points were left out lately, so it has no value: {fault}.");
                }
            }
        }

        // A name that nothing is kept of takes up no room, unless a sum of it would lack what was left out.
        if (isNew && (known.IsUsed || known.IsRefused(taking.Now)))
        {
            _metrics.Add(name, known);
        }
    }

    /// <summary>Takes nothing of a resource for which there is no room. What is known of its metrics lacks it from now on.</summary>
    private void Refuse(OtlpResource resource, DateTimeOffset now, OtlpReceipt receipt)
    {
        var refused = new OtlpReceipt();
        refused.Reject(resource.Points, $"there are {limits.ResourcesOfOneVersion} resources of one version already, which is all that are kept: an attribute of theirs with ever new values, most likely");
        receipt.Add(refused);
        (_note, _view) = ((now, refused.Message!), null);
        foreach (var name in resource.Scopes.SelectMany(static s => s.Metrics).Select(static m => OtlpLabels.Metric(m.Name)).OfType<string>())
        {
            _metrics.GetValueOrDefault(name)?.Refuse(now + limits.Kept, $"More resources than are kept of one version ({limits.ResourcesOfOneVersion}): an attribute of theirs with ever new values, most likely. Some of this metric's are left out, so it has no value.");
        }
    }

    private string? Take(OtlpTaking taking, OtlpScope scope, OtlpMetric metric, OtlpPoint point, string name, OtlpSeriesSet known)
    {
        if (TimeFault(point, taking.Now) is { } untimely)
        {
            return $"the metric {name}: {untimely}";
        }

        var instance = taking.Instance;
        var key = OtlpInstance.Key(name, scope, point);
        if (point.IsAbsent)
        {
            instance.Remove(key);
            return null;
        }

        if (instance.Find(key) is { } stream)
        {
            var fault = stream.Take(point, metric.Temporality, instance.Export, isNew: false, instance.IsNamed);
            instance.MixedUpUntil = stream.IsMixedUp ? taking.Now + limits.Kept : instance.MixedUpUntil;
            return fault is null ? null : $"the metric {name}: {fault}";
        }

        var series = instance.Whole(name, scope, point);
        if (series.Labels.Length > OtlpLabels.Most)
        {
            return $"the metric {name} has more than {OtlpLabels.Most} attributes with those of its resource";
        }

        if (!taking.HasRoomFor(known.LinesOf(point)))
        {
            known.Refuse(taking.Now + limits.Kept, $"More series than are kept {(taking.IsShared ? $"of one version ({limits.OfOneVersion}) or at all ({limits.OfAll})" : $"of one resource ({limits.OfOneResource})")}: an attribute with ever new values, most likely. Some of this metric's are left out, so it has no value.");
            return $"the metric {name} would have more series than are kept {(taking.IsShared ? "of one version, or at all" : "of one resource")}: an attribute with ever new values, most likely";
        }

        stream = known.NewStream(series);
        var whyNot = stream.Take(point, metric.Temporality, instance.Export, instance.IsNewSince || (point.Start >= listening && taking.Now - At(point.Start) <= limits.Kept), instance.IsNamed);
        instance.Add(key, name, stream);
        return whyNot is null ? null : $"the metric {name}: {whyNot}";
    }

    private string? TimeFault(OtlpPoint point, DateTimeOffset now) =>
        point.Time == 0 ? "they have no time"
        : point.Time > Nanoseconds(now + limits.Ahead) ? $"their time lies more than {limits.Ahead.TotalSeconds:0} s ahead of the console's clock"
        : IsLate(point, now) ? $"they are older than {limits.Kept.TotalMinutes:0} min"
        : point.Start > point.Time ? "they begin after they end"
        : null;

    /// <summary>True for what was held up on its way: what is newer follows, or has come already.</summary>
    private bool IsLate(OtlpPoint point, DateTimeOffset now) => point.Time < Nanoseconds(now - limits.Kept);

    private OtlpView View(DateTimeOffset now)
    {
        var exposition = new Exposition();
        foreach (var (name, metric) in _metrics)
        {
            exposition.Declare(name, metric.Type);
        }

        var oldest = Nanoseconds(now - limits.GaugeKept);
        foreach (var instance in _instances.Values)
        {
            var isSettled = instance.IsSettled(now);
            foreach (var (_, stream) in instance.Streams)
            {
                stream.Write(exposition, isSettled || stream.Export != instance.Export, oldest);
            }
        }

        var refused = _metrics.Where(m => m.Value.IsRefused(now)).ToDictionary(static m => m.Key, static m => m.Value.Refused!.Value.Sentence, StringComparer.Ordinal);
        foreach (var (metric, _) in _instances.Values.Where(i => now <= i.MixedUpUntil).SelectMany(static i => i.Streams))
        {
            refused[metric] = MixedUp;
        }

        return new(
            exposition,
            refused,
            _note is { } note && now - note.At <= limits.Kept ? note.Sentence : null);
    }

    private static DateTimeOffset At(ulong nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks((long)(nanoseconds / 100));
}
