using System.Text.Json;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Kill;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Switches;
using OpsConsole.Web.Identity;
using OpsConsole.Web.Operations.Edge;

namespace OpsConsole.Web.Api;

/// <summary>The kill switches: turning them off and on, saying who gets what they guard, making them and putting them away.</summary>
internal static class SwitchesEndpoints
{
    /// <summary>The longest targeting, as long as JSON may make it, and a reason.</summary>
    private const int MaxTargetingBytes = (4 * TargetingCheck.MaxLength) + ActionsEndpoints.MaxCommandBytes;

    public static void MapSwitches(this IEndpointRouteBuilder v1)
    {
        ArgumentNullException.ThrowIfNull(v1);
        v1.MapGet("switches", ListAsync)
            .RequirePermission(Permission.BoardRead)
            .WithTags("Switches").WithName("listSwitches").WithSummary("Every kill switch as it stands, everywhere and in each environment")
            .Produces<SwitchList>();
        v1.MapGet("switches/{key}", FindAsync)
            .RequirePermission(Permission.BoardRead)
            .WithTags("Switches").WithName("getSwitch").WithSummary("One kill switch")
            .Produces<SwitchAnswer>().ProducesProblem(StatusCodes.Status404NotFound);

        Map(v1, "kill", Permission.SwitchesKill, "Turn off what the switch guards at once, everywhere or in one environment", (key, r) => new KillCommand(key, r.Reason ?? "", r.SeenVersion, r.Confirmation) { Environment = r.Environment }).Stops();
        Map(v1, "restore", Permission.SwitchesRestore, "Turn on again what a kill turned off, everywhere or in one environment", (key, r) => new RestoreCommand(key, r.Reason ?? "", r.SeenVersion, r.Confirmation) { Environment = r.Environment });

        v1.MapPost("switches", CreateAsync)
            .RequirePermission(Permission.SwitchesTarget)
            .WithTags("Switches").WithName("createSwitch").WithSummary("Make a switch that is on for everyone")
            .Accepts<CreateSwitchRequest>("application/json").Produces<SwitchAnswer>(StatusCodes.Status201Created).ProducesRecordProblems();
        v1.MapPut("switches/{key}/environments/{environment}/targeting", TargetAsync)
            .RequirePermission(Permission.SwitchesTarget)
            .WithTags("Switches").WithName("targetSwitch").WithSummary("Say who gets what the switch guards in one environment; a kill stays in force")
            .Accepts<TargetingRequest>("application/json").Produces<SwitchPlaceAnswer>().ProducesRecordProblems();
        v1.MapDelete("switches/{key}", (string key, HttpContext context, SwitchDesk desk, ISwitchStore switches, CancellationToken cancellationToken) =>
                PutAwayAsync(context, switches, (r, by) => desk.ArchiveAsync(key, r.Revision, r.Reason, by, cancellationToken), cancellationToken))
            .RequirePermission(Permission.SwitchesTarget)
            .WithTags("Switches").WithName("archiveSwitch").WithSummary("Put a switch away: it is answered to nobody any more, and kept on record")
            .Accepts<ArchiveRequest>("application/json").Produces<SwitchAnswer>().ProducesRecordProblems();
        v1.MapPost("switches/{key}/unarchive", (string key, HttpContext context, SwitchDesk desk, ISwitchStore switches, CancellationToken cancellationToken) =>
                PutAwayAsync(context, switches, (r, by) => desk.UnarchiveAsync(key, r.Reason, by, cancellationToken), cancellationToken))
            .RequirePermission(Permission.SwitchesTarget)
            .WithTags("Switches").WithName("unarchiveSwitch").WithSummary("Take a switch out of the archive, as it was")
            .Accepts<ArchiveRequest>("application/json").Produces<SwitchAnswer>().ProducesRecordProblems();
    }

    /// <summary>Who may kill is the gate's to say, so that a refusal for the role is on record like any other.</summary>
    private static RouteHandlerBuilder Map(IEndpointRouteBuilder v1, string verb, Permission permission, string summary, Func<string, SwitchActionRequest, SwitchCommand> command) =>
        v1.MapPost($"switches/{{key}}/{verb}", (string key, HttpContext context, IActionGate gate, CancellationToken cancellationToken) =>
                ActionsEndpoints.AskAsync<SwitchActionRequest>(context, gate, request => command(key, request), cancellationToken))
            .RequireAtGate(permission)
            .WithTags("Switches").WithName(verb + "Switch").WithSummary(summary)
            .ProducesGateAnswers<SwitchActionRequest>();

    private static async Task<SwitchList> ListAsync(ISwitchStore switches, CancellationToken cancellationToken)
    {
        var places = await switches.EnvironmentsAsync(null, cancellationToken);
        return new([.. (await switches.ListAsync(cancellationToken)).Select(value => SwitchAnswer.From(value, places))]);
    }

    private static async Task<IResult> FindAsync(string key, ISwitchStore switches, CancellationToken cancellationToken) =>
        await switches.FindAsync(key, cancellationToken) is { } value
            ? Results.Ok(SwitchAnswer.From(value, await switches.EnvironmentsAsync(key, cancellationToken)))
            : Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "Not found", detail: "There is no such switch.");

    private static async Task<IResult> CreateAsync(HttpContext context, SwitchDesk desk, CancellationToken cancellationToken)
    {
        var (request, problem) = await JsonBody.ReadAsync<CreateSwitchRequest>(context, ActionsEndpoints.MaxCommandBytes, cancellationToken);
        return problem ?? (context.User.ToOperator() is { } by
            ? (await desk.CreateAsync(new CreateSwitchCommand(request!.Key, request.Owner, request.TurnsOff), by, cancellationToken))
                .ToResult(value => Results.Created($"/api/v1/switches/{value.Key}", SwitchAnswer.From(value, [])))
            : RecordResults.NoRole());
    }

    private static async Task<IResult> TargetAsync(string key, string environment, HttpContext context, SwitchDesk desk, CancellationToken cancellationToken)
    {
        var (request, problem) = await JsonBody.ReadAsync<TargetingRequest>(context, MaxTargetingBytes, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        var (targeting, faults) = Read(request!.Targeting);
        List<TargetingFault> all = [.. faults.Select(f => f with { Path = f.Path.Length == 0 ? "targeting" : $"targeting.{f.Path}" })];
        if (request.Revision is null)
        {
            all.Add(new("revision", "Give the environment's revision as the switch shows it, 0 where nothing was said of it yet: so that nobody's change is lost."));
        }

        if (all.Count > 0)
        {
            return Results.ValidationProblem(all.GroupBy(f => f.Path).ToDictionary(g => g.Key, g => g.Select(f => f.Sentence).ToArray()), title: "The targeting cannot be used");
        }

        return context.User.ToOperator() is { } by
            ? (await desk.TargetAsync(new TargetSwitchCommand(key, environment, targeting!, request.Revision!.Value, request.Reason), by, cancellationToken)).ToResult(place => Results.Ok(SwitchPlaceAnswer.From(place)))
            : RecordResults.NoRole();
    }

    /// <summary>Said to be null it is on for everyone; left out it was forgotten.</summary>
    private static (Targeting? Value, IReadOnlyList<TargetingFault> Faults) Read(JsonElement given) => given.ValueKind switch
    {
        JsonValueKind.Undefined => (null, [new("", "Give the targeting; null for on for everyone.")]),
        JsonValueKind.Null => (Targeting.Everyone, []),
        _ => TargetingText.ReadGiven(given.GetRawText()),
    };

    private static async Task<IResult> PutAwayAsync(HttpContext context, ISwitchStore switches, Func<ArchiveRequest, Operator, Task<RecordAnswer<KillSwitch>>> work, CancellationToken cancellationToken)
    {
        var (request, problem) = await JsonBody.ReadAsync<ArchiveRequest>(context, ActionsEndpoints.MaxCommandBytes, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        if (context.User.ToOperator() is not { } by)
        {
            return RecordResults.NoRole();
        }

        var answer = await work(request!, by);
        var places = answer is RecordAnswer<KillSwitch>.Done done ? await switches.EnvironmentsAsync(done.Value.Key, cancellationToken) : [];
        return answer.ToResult(value => Results.Ok(SwitchAnswer.From(value, places)));
    }
}
