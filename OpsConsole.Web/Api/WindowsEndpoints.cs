using OpsConsole.Core.Access;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Gates.Windows;
using OpsConsole.Web.Identity;

namespace OpsConsole.Web.Api;

/// <summary>A window or freeze to make.</summary>
/// <param name="Name">1 to 128 characters.</param>
/// <param name="Kind">allow or freeze; never assumed.</param>
/// <param name="Service">Where it holds; leave out for everywhere.</param>
/// <param name="Target">Likewise.</param>
/// <param name="Environment">Likewise.</param>
/// <param name="Days">Days of the week on which it begins; leave out for one that does not recur.</param>
/// <param name="StartsAt">Local time at which it begins on those days, HH:mm.</param>
/// <param name="Minutes">How long it lasts on each of them, 1 to 1,440.</param>
/// <param name="TimeZone">IANA name.</param>
/// <param name="From">Begin, or first time that a recurring one holds.</param>
/// <param name="To">End likewise.</param>
/// <param name="Reason">Why, 3 to 500 characters.</param>
internal sealed record WindowRequest(
    string? Name, DeployWindowKind? Kind, string? Service, string? Target, string? Environment, IReadOnlyList<DayOfWeek>? Days, TimeOnly? StartsAt, int? Minutes, string? TimeZone,
    DateTimeOffset? From, DateTimeOffset? To, string? Reason)
{
    public CreateWindowCommand ToCommand(DeployWindowKind kind) => new()
    {
        Name = Name ?? "", Kind = kind, Service = Service, Target = Target, Environment = Environment, Days = Days ?? [], StartsAt = StartsAt?.ToTimeSpan() ?? default,
        Lasts = TimeSpan.FromMinutes(Minutes ?? 0), TimeZone = TimeZone, From = From, To = To, Reason = Reason ?? "",
    };
}

/// <summary>A window as the API shows it; <c>Fault</c> says why one on record cannot be judged.</summary>
internal sealed record WindowAnswer(
    Guid Id, string Name, DeployWindowKind Kind, string? Service, string? Target, string? Environment, string Summary, bool Holds, DateTimeOffset? NextChange, bool Over, string Reason,
    string CreatedBy, DateTimeOffset CreatedAt, string? EndedBy, DateTimeOffset? EndedAt, string? Fault)
{
    public static WindowAnswer From(DeployWindow w, DateTimeOffset now)
    {
        var (holds, next) = WindowRule.Standing(w, now);
        return new(w.Id, w.Name, w.Kind, w.Service, w.Target, w.Environment, WindowWords.Of(w), holds, next, WindowRule.IsOver(w, now), w.Reason, w.CreatedBy, w.CreatedAt, w.EndedBy, w.EndedAt,
            WindowFault.Of(w));
    }
}

/// <summary>Windows and freezes that were not ended by hand.</summary>
internal sealed record WindowList(IReadOnlyList<WindowAnswer> Items);

/// <summary>Deploy windows and freezes.</summary>
internal static class WindowsEndpoints
{
    public static void MapWindows(this IEndpointRouteBuilder v1)
    {
        ArgumentNullException.ThrowIfNull(v1);
        v1.MapGet("windows", async (IWindowStore windows, TimeProvider time, CancellationToken cancellationToken) =>
                new WindowList([.. (await windows.ListAsync(cancellationToken)).Select(w => WindowAnswer.From(w, time.GetUtcNow()))]))
            .RequirePermission(Permission.BoardRead)
            .WithTags("Windows").WithName("listWindows").WithSummary("Deploy windows and freezes, and how each stands")
            .Produces<WindowList>();
        v1.MapPost("windows", CreateAsync)
            .RequireAtDesk(Permission.WindowsWrite)
            .WithTags("Windows").WithName("createWindow").WithSummary("Make a deploy window or a freeze")
            .Accepts<WindowRequest>("application/json").Produces<WindowAnswer>(StatusCodes.Status201Created).ProducesRecordProblems();
        v1.MapPost("windows/{id:guid}/end", EndAsync)
            .RequireAtDesk(Permission.WindowsWrite)
            .WithTags("Windows").WithName("endWindow").WithSummary("End a deploy window or a freeze from now on")
            .Accepts<ReasonRequest>("application/json").Produces<WindowAnswer>().ProducesRecordProblems();
    }

    private static async Task<IResult> CreateAsync(HttpContext context, WindowDesk windows, TimeProvider time, CancellationToken cancellationToken)
    {
        var (request, problem) = await JsonBody.ReadAsync<WindowRequest>(context, ActionsEndpoints.MaxCommandBytes, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        if (request!.Kind is not { } kind)
        {
            return Results.Problem(statusCode: StatusCodes.Status400BadRequest, title: "The kind is missing", detail: "Give kind: allow for a window to promote in, freeze for one without promotions.");
        }

        return context.User.ToOperator() is { } by
            ? (await windows.CreateAsync(request.ToCommand(kind), by, cancellationToken)).ToResult(w => Results.Created("/api/v1/windows", WindowAnswer.From(w, time.GetUtcNow())))
            : RecordResults.NoRole();
    }

    private static async Task<IResult> EndAsync(Guid id, HttpContext context, WindowDesk windows, TimeProvider time, CancellationToken cancellationToken)
    {
        var (request, problem) = await JsonBody.ReadAsync<ReasonRequest>(context, ActionsEndpoints.MaxCommandBytes, cancellationToken);
        return problem ?? (context.User.ToOperator() is { } by
            ? (await windows.EndAsync(id, request!.Reason, by, cancellationToken)).ToResult(w => Results.Ok(WindowAnswer.From(w, time.GetUtcNow())))
            : RecordResults.NoRole());
    }
}
