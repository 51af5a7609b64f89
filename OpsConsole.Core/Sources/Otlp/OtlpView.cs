using OpsConsole.Core.Sources.PrometheusText;

namespace OpsConsole.Core.Sources.Otlp;

/// <summary>What is known of one version of a service in one environment, as it stood at a moment. Nothing in it changes.</summary>
/// <param name="Exposition">Every series, each with the time that it is of.</param>
/// <param name="Refused">Metrics of which something was left out lately, each with the reason: a sum of theirs would lack some.</param>
/// <param name="Note">Why points were not taken lately; null when all were.</param>
internal sealed record OtlpView(Exposition Exposition, IReadOnlyDictionary<string, string> Refused, string? Note);
