namespace OpsConsole.Core.Releases;

/// <summary>One step of a rollout.</summary>
/// <param name="ExposurePercent">Share of traffic or users that has the release in this stage, above 0 and at most 100.</param>
/// <param name="Hold">Shortest time the release stays in this stage before it may be promoted. Zero or more.</param>
public sealed record Stage(double ExposurePercent, TimeSpan Hold);
