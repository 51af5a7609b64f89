namespace OpsConsole.Core.Slos;

/// <summary>What one version spent of a budget.</summary>
/// <param name="Version">Which version.</param>
/// <param name="Bad">Bad events it had.</param>
/// <param name="Events">All events it had.</param>
/// <param name="BudgetPercent">Its bad events as a share of the budget of the whole period, in percent; null when there is no budget yet.</param>
public sealed record VersionSpend(string Version, decimal Bad, decimal Events, decimal? BudgetPercent);
