using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.Otlp;
using OpsConsole.Tests.Core.Sources.Otlp;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Contracts.Sources;

/// <summary>The contract for a source that is sent to: an export comes in before each read.</summary>
public sealed class OtlpSourceContractTests : SourceContract
{
    private readonly FakeTime _time = new(TimeProvider.System.GetUtcNow());
    private readonly OtlpMetrics _metrics;
    private readonly OtlpSender _pod;
    private Saying _saying;
    private double _requests;

    public OtlpSourceContractTests()
    {
        _metrics = new(_time, new OtlpLimits { OfOneResource = 500 });
        _pod = new(_metrics, _time);
        _time.Advance(TimeSpan.FromSeconds(10));
    }

    private protected override bool HasOwnTimes => true;

    public override ValueTask InitializeAsync() => default;

    public override ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    private protected override string? Says(Saying saying)
    {
        _saying = saying;
        return saying == Saying.Refused ? "It is sent to, and signs in nowhere." : null;
    }

    private protected override ISignalSource Source()
    {
        var kind = OtlpSource.Kind(_metrics, _time);
        return new SentTo(this, new SourceCatalog([kind]).Create(new()
        {
            Key = "shop", Kind = OtlpSource.KindName, Service = "shop", Target = "kubernetes", Environment = "production", Version = Version, Settings = new(kind.Name, kind.Settings, new Dictionary<string, string>()),
            Rules = [new() { Signal = new("http_5xx_rate"), Kind = SignalRuleKind.Ratio, Numerator = "http_requests{code=~\"5..\"}", Denominator = "http_requests" }],
        }));
    }

    private void Send()
    {
        _time.Advance(TimeSpan.FromSeconds(5));
        _requests = _saying == Saying.Reset ? 100 : _requests + 100;
        switch (_saying)
        {
            case Saying.Nothing:
                _time.Advance(TimeSpan.FromMinutes(11));
                break;
            case Saying.NotANumber or Saying.Infinite:
                var value = _saying == Saying.NotANumber ? double.NaN : double.PositiveInfinity;
                _pod.Send(Sum("200", value), Sum("500", 1));
                break;
            case Saying.Late:
                _pod.Send(Sum("200", 100, _time.GetUtcNow() - Age), Sum("500", 1, _time.GetUtcNow() - Age));
                break;
            case Saying.ManySeries:
                _pod.Send([.. Enumerable.Range(0, 1000).Select(n => _pod.Counter("http.requests", 1, attributes: [("code", "200"), ("user", $"{n}")]))]);
                break;
            default:
                _pod.Send(Sum("200", _requests), Sum("500", _requests / 100));
                break;
        }
    }

    private object Sum(string code, double value, DateTimeOffset? at = null) => _pod.Counter("http.requests", value, at: at, start: at is null ? null : at - TimeSpan.FromMinutes(1), attributes: ("code", code));

    private sealed class SentTo(OtlpSourceContractTests contract, ISignalSource source) : ISignalSource
    {
        public IReadOnlyList<SignalFinding> Findings => source.Findings;

        public Task<string?> ReadAsync(Action<SignalSample> record, CancellationToken cancellationToken)
        {
            contract.Send();
            return source.ReadAsync(record, cancellationToken);
        }
    }
}
