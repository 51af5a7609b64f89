using Microsoft.Extensions.Logging;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Policies.Triggers;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Rollouts;

/// <summary>What the engine works with.</summary>
/// <param name="Board">Where it looks, and shows what it makes of it.</param>
/// <param name="Gate">The one way to act.</param>
/// <param name="Rollouts">Its memory.</param>
/// <param name="Releases">The releases with their policies.</param>
/// <param name="Policies">Text to model.</param>
/// <param name="PolicyGates">The gates that a policy adds.</param>
/// <param name="BurnRates">For triggers on a burn rate.</param>
/// <param name="Targets">What targets can do.</param>
/// <param name="Time">The clock.</param>
/// <param name="Log">For what goes wrong.</param>
public sealed record RolloutPorts(
    ReleaseBoard Board,
    IActionGate Gate,
    IRolloutStore Rollouts,
    IReleaseStore Releases,
    IPolicyReader Policies,
    IPolicyGates PolicyGates,
    IBurnRates BurnRates,
    ITargetRegistry Targets,
    TimeProvider Time,
    ILogger<RolloutEngine> Log);
