using System.Diagnostics.Metrics;
using OpsConsole.Core.Access.Tokens;
using OpsConsole.Core.Switches;

namespace OpsConsole.Web.Operations;

/// <summary>How many tokens count, and which of them end soon, so that nobody learns of an end from a pipeline that stands still.</summary>
internal sealed class TokenMetrics : IDisposable
{
    private readonly Meter _meter = new(MetricsRegistry.MeterName);

    public TokenMetrics(ServiceTokenTable tokens, FlagClientTable clients, TimeProvider time)
    {
        _meter.CreateObservableGauge("opsconsole.tokens", () => Count(tokens.Counting, clients.Count, time.GetUtcNow()), "{token}", "Tokens that count, by kind and whether they end within two weeks.");
        _meter.CreateObservableGauge("opsconsole.token.next_end", () => Next(tokens.Counting, time.GetUtcNow()), "s", "Time until the next service token ends; short-lived ones are left out.");
    }

    public void Dispose() => _meter.Dispose();

    internal static Measurement<int>[] Count(IReadOnlyList<KnownServiceToken> service, int flags, DateTimeOffset now)
    {
        var expiring = service.Count(t => !t.IsShortLived && t.ExpiresAt - now <= TokenLife.Soon);
        var shortLived = service.Count(t => t.IsShortLived);
        return [Of(service.Count - shortLived - expiring, "service", "valid"), Of(expiring, "service", "expiring"), Of(shortLived, "short_lived", "valid"), Of(flags, "flags", "valid")];
    }

    /// <summary>Nothing where there is no token: any number would be made up.</summary>
    internal static Measurement<double>[] Next(IReadOnlyList<KnownServiceToken> service, DateTimeOffset now) =>
        service.Where(t => !t.IsShortLived).Select(t => (t.ExpiresAt - now).TotalSeconds).Order().Take(1).Select(s => new Measurement<double>(s)).ToArray();

    private static Measurement<int> Of(int count, string kind, string state) => new(count, new KeyValuePair<string, object?>("kind", kind), new("state", state));
}
