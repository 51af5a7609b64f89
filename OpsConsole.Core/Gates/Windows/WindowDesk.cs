using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;

namespace OpsConsole.Core.Gates.Windows;

/// <summary>Makes and ends deploy windows, on record.</summary>
public sealed class WindowDesk(IWindowStore windows, IOperatorRoles roles, TimeProvider time)
{
    private const string Away = "The record cannot be written now, so nothing was changed; try again in a minute.";

    /// <summary>Makes a window, or says everything that stands against it.</summary>
    public Task<RecordAnswer<DeployWindow>> CreateAsync(CreateWindowCommand command, Operator by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(by);
        return OnRecordAsync(async () =>
        {
            var now = time.GetUtcNow();

            // Judged as it will be kept: the role where it holds decides, however the name was written.
            var wanted = command.Plain();
            var held = await roles.HeldInAsync(by, wanted.Environment, cancellationToken).ConfigureAwait(false);
            if (WindowCheck.Judge(wanted, held, now) is { Count: > 0 } refusals)
            {
                return new RecordAnswer<DeployWindow>.Refused(refusals);
            }

            var window = Build(wanted, by, now);
            await windows.AddAsync(window, Line(window, by, held!.Role, "window.create", window.Reason, now), cancellationToken).ConfigureAwait(false);
            return new RecordAnswer<DeployWindow>.Done(window);
        });
    }

    /// <summary>Ends a window from now on.</summary>
    public Task<RecordAnswer<DeployWindow>> EndAsync(Guid id, string? reason, Operator by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(by);
        return OnRecordAsync(async () =>
        {
            var now = time.GetUtcNow();
            var why = PlainText.Of(reason).Trim();
            var found = await windows.FindAsync(id, cancellationToken).ConfigureAwait(false);
            var held = await roles.HeldInAsync(by, found?.Environment, cancellationToken).ConfigureAwait(false);
            List<Refusal> refusals = [.. WindowCheck.Permitted(held), .. TextLengthRefusal.Of("the reason", why, ActionCommand.MinReasonLength, ActionCommand.MaxReasonLength)];
            if (refusals.Count > 0)
            {
                return new RecordAnswer<DeployWindow>.Refused(refusals);
            }

            if (found is not { } window)
            {
                return new RecordAnswer<DeployWindow>.NotFound("There is no such window.");
            }

            // One that ran out by its own end can still be ended: an allowing one keeps its place closed until then.
            if (window.EndedAt is not null)
            {
                return new RecordAnswer<DeployWindow>.Refused([new WindowOverRefusal(window.Name)]);
            }

            window.End(by.Name, now);
            return await windows.SaveAsync(window, Line(window, by, held!.Role, "window.end", why, now), cancellationToken).ConfigureAwait(false)
                ? new RecordAnswer<DeployWindow>.Done(window)
                : new RecordAnswer<DeployWindow>.Refused([new ChangedMeanwhileRefusal(window.Name)]);
        });
    }

    private static DeployWindow Build(CreateWindowCommand command, Operator by, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        Name = PlainText.Of(command.Name).Trim(),
        Kind = command.Kind,
        Service = command.Service,
        Target = command.Target,
        Environment = command.Environment,
        Days = command.Days.Distinct().Sum(day => 1 << (((int)day + 6) % 7)),
        StartsAt = command.Days.Count > 0 ? command.StartsAt : default,
        Lasts = command.Days.Count > 0 ? command.Lasts : default,
        TimeZone = command.TimeZone is { Length: > 0 } zone ? zone : "UTC",
        From = command.Days.Count > 0 ? command.From : command.From ?? now,
        To = command.To,
        Reason = PlainText.Of(command.Reason).Trim(),
        CreatedBy = by.Name,
        CreatedAt = now,
    };

    private static AuditEntry Line(DeployWindow window, Operator by, Role role, string happened, string reason, DateTimeOffset now) => new()
    {
        At = now,
        Actor = by.Name,
        Role = role.ToString(),
        Event = happened,
        Subject = $"window:{window.Id:N}",
        SubjectTitle = $"{(window.Kind == DeployWindowKind.Freeze ? "freeze" : "deploy window")} {window.Name}",
        Outcome = "done",
        Reason = reason,
        Detail = WindowWords.Of(window),
    };

    private static async Task<RecordAnswer<DeployWindow>> OnRecordAsync(Func<Task<RecordAnswer<DeployWindow>>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (RecordUnavailableException)
        {
            return new RecordAnswer<DeployWindow>.Unavailable(Away);
        }
    }
}
