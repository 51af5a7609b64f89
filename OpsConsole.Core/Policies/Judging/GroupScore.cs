namespace OpsConsole.Core.Policies.Judging;

/// <summary>The score of one group of metrics.</summary>
/// <param name="Name">The group.</param>
/// <param name="Score">Passes in percent of what was judged, 0 to 100; 0 where nothing was.</param>
/// <param name="Weight">Share of the whole score in percent, 0 to 100; 0 where nothing was judged.</param>
/// <param name="NoData">Nothing in the group was judged; it then counts neither for the whole score nor against it.</param>
/// <param name="Metrics">Metrics in the group.</param>
public sealed record GroupScore(string Name, double Score, double Weight, bool NoData, int Metrics);
