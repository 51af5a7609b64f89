using OpsConsole.Core.Board;
using OpsConsole.Core.Policies.Triggers;

namespace OpsConsole.Core.Rollouts;

/// <summary>One evaluation of a release: how its triggers and checks stood. Immutable, so that what is done about it may take its time while the next evaluation is made.</summary>
internal sealed record RolloutLook(
    ReleaseSnapshot Release, IReadOnlyList<TriggerLook> Triggers, IReadOnlyList<CheckStanding> Checks, IReadOnlyList<CheckMemory> CheckMemory, DateTimeOffset Now)
{
    /// <summary>What people have seen of it.</summary>
    public SeenFirings Seen { get; init; } = SeenFirings.None;
}

/// <summary>How one trigger stood.</summary>
internal sealed record TriggerLook(TriggerStanding Standing, bool IsFiring, string Evidence, TriggerMemory Memory);
