using OpsConsole.Core.Signals;

namespace OpsConsole.Web.Catalog;

/// <summary>A target that is connected by neither the configuration nor the catalogue.</summary>
/// <param name="Target">As releases name it.</param>
/// <param name="Environment">Where; null for one that is the same everywhere.</param>
/// <param name="Title">What it is, for people.</param>
internal sealed record TargetBesides(string Target, string? Environment, string Title);

/// <summary>What is connected and read here by neither the configuration nor the catalogue, as the playground does: a file that says the same would quietly take its place, for every other service too.</summary>
internal sealed record ConnectedBesides(IReadOnlyList<TargetBesides> Targets, IReadOnlyList<SourceBinding> Sources)
{
    public static readonly ConnectedBesides Nothing = new([], []);

    public bool IsSame(ConnectedBesides other) => Targets.SequenceEqual(other.Targets) && Sources.SequenceEqual(other.Sources);
}
