using OpsConsole.Core.Board;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Gates;

/// <summary>For a console whose policies add no gates: only those that always hold are asked.</summary>
public sealed class NoPolicyGates : IPolicyGates
{
    public Task<PolicyGateResults> JudgeAsync(Release release, ReleaseSnapshot? snapshot, CancellationToken cancellationToken) => Task.FromResult(PolicyGateResults.None);
}
