using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Kill;
using OpsConsole.Core.Switches;
using OpsConsole.Web.Identity;

namespace OpsConsole.Web.Api;

/// <summary>A kill switch as the API shows it.</summary>
internal sealed record SwitchAnswer(string Key, string Owner, string TurnsOff, bool Killed, DateTimeOffset ChangedAt, string? ChangedBy, string? Reason)
{
    public static SwitchAnswer From(KillSwitch value) => new(value.Key, value.Owner, value.TurnsOff, value.Killed, value.ChangedAt, value.ChangedBy, value.Reason);
}

/// <summary>All switches.</summary>
internal sealed record SwitchList(IReadOnlyList<SwitchAnswer> Items);

/// <summary>The kill switches, and turning them off and on.</summary>
internal static class SwitchesEndpoints
{
    public static void MapSwitches(this IEndpointRouteBuilder v1)
    {
        ArgumentNullException.ThrowIfNull(v1);
        v1.MapGet("switches", ListAsync)
            .RequirePermission(Permission.BoardRead)
            .WithTags("Switches").WithName("listSwitches").WithSummary("Every kill switch as it stands")
            .Produces<SwitchList>();

        v1.MapPost("switches/{key}/kill", (string key, HttpContext context, IActionGate gate, CancellationToken cancellationToken) =>
                ActionsEndpoints.AskAsync(context, gate, r => new KillCommand(key, r.Reason ?? "", r.SeenVersion, r.Confirmation), cancellationToken))
            .RequirePermission(Permission.BoardRead)
            .WithTags("Switches").WithName("killSwitch").WithSummary("Turn off what the switch guards, everywhere, at once")
            .ProducesGateAnswers();

        v1.MapPost("switches/{key}/restore", (string key, HttpContext context, IActionGate gate, CancellationToken cancellationToken) =>
                ActionsEndpoints.AskAsync(context, gate, r => new RestoreCommand(key, r.Reason ?? "", r.SeenVersion, r.Confirmation), cancellationToken))
            .RequirePermission(Permission.BoardRead)
            .WithTags("Switches").WithName("restoreSwitch").WithSummary("Turn on again what a kill turned off")
            .ProducesGateAnswers();
    }

    private static async Task<SwitchList> ListAsync(ISwitchStore switches, CancellationToken cancellationToken) =>
        new([.. (await switches.ListAsync(cancellationToken)).Select(SwitchAnswer.From)]);
}
