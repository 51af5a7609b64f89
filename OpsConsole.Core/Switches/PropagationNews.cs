namespace OpsConsole.Core.Switches;

/// <summary>What one look at the open clocks brought.</summary>
/// <param name="Updated">Propagations with news.</param>
/// <param name="Raised">Alarms that were not there before.</param>
public sealed record PropagationNews(IReadOnlyList<FlagPropagation> Updated, IReadOnlyList<PropagationAlarm> Raised);
