using OpsConsole.Core.Access;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Rollouts;

namespace OpsConsole.Core.Actions.Approve;

/// <summary>How a promotion that waits stands with the people that it hangs on, as far as this console knows them.</summary>
/// <param name="Requester">Who asked, in the roles of now; null where the access was withdrawn, and where this console does not know them.</param>
/// <param name="IsRequesterKnown">False of someone about whom this console never had a word.</param>
/// <param name="Counting">The approvals that count here: whoever lost the role since does not count any more, nor does whom this console does not know.</param>
/// <param name="Unknown">Names of the approvers whom this console does not know.</param>
internal sealed record ApprovalStanding(Operator? Requester, bool IsRequesterKnown, IReadOnlyList<Approval> Counting, IReadOnlyList<string> Unknown)
{
    /// <summary>Looks at everyone it hangs on.</summary>
    public static async Task<ApprovalStanding> ReadAsync(WaitingPromotion waiting, IOperatorRoles roles, CancellationToken cancellationToken)
    {
        var (action, environment) = (waiting.Action, waiting.Release.Environment);
        var asked = action.Role == Operator.ConsoleRole ? RolloutEngine.Console
            : Enum.TryParse<Role>(action.Role, out var role) ? new Operator(action.RequestedBy, role, role == Role.Service) { Token = action.RequestedByToken }
            : null;
        var requester = asked is null ? null : await roles.HeldInAsync(asked, environment, cancellationToken).ConfigureAwait(false);
        List<Approval> counting = [];
        List<string> unknown = [];
        foreach (var word in waiting.Counting)
        {
            if (!Enum.TryParse<Role>(word.Role, out var held))
            {
                continue;
            }

            var by = new Operator(word.By, held, false);
            if (!roles.Knows(by))
            {
                unknown.Add(word.By);
            }
            else if (ApprovalRule.Counts(await roles.RoleInAsync(by, environment, cancellationToken).ConfigureAwait(false), waiting.Policy.ApproverRoles))
            {
                counting.Add(word);
            }
        }

        return new(requester, asked is null || roles.Knows(asked), counting, unknown);
    }

    /// <summary>True where it hangs on someone who signed in at another console: that one decides, and here it stays as it is.</summary>
    public bool IsDecidedElsewhere(WaitingPromotion waiting) => Counting.Count < waiting.Needed
        ? Counting.Count + Unknown.Count >= waiting.Needed
        : Requester is null && !IsRequesterKnown;

    /// <summary>Why this console does not go on with it, in a sentence; null where it does.</summary>
    public string? WhyElsewhere(WaitingPromotion waiting)
    {
        if (!IsDecidedElsewhere(waiting))
        {
            return null;
        }

        string[] people = [.. Unknown.Append(IsRequesterKnown ? "" : waiting.Action.RequestedBy).Where(n => n.Length > 0).Distinct(StringComparer.Ordinal)];
        return $"It hangs on {string.Join(" and ", people)}, of whom this console knows nothing: they signed in at another one, or the word about them was lost. "
            + "The console that knows everyone concerned goes on with it. Where none does, let them sign in at the same one, or withdraw it and ask anew.";
    }
}
