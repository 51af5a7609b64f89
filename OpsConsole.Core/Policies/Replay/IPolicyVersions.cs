namespace OpsConsole.Core.Policies.Replay;

/// <summary>Name and number of a version in the library.</summary>
public sealed record PolicyVersionName(string Name, int Version);

/// <summary>The library as a replay reads it.</summary>
public interface IPolicyVersions
{
    /// <summary>A version, or the newest where none is given; null where there is no such one.</summary>
    Task<PolicyVersion?> FindAsync(string name, int? version, CancellationToken cancellationToken);

    /// <summary>What there is, by name and newest first, at most <paramref name="take"/>.</summary>
    Task<IReadOnlyList<PolicyVersionName>> ListAsync(int take, CancellationToken cancellationToken);
}
