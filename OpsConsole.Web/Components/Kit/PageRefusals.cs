using Microsoft.AspNetCore.Components;
using OpsConsole.Core.Access;
using OpsConsole.Core.Gates;
using OpsConsole.Web.Identity;

namespace OpsConsole.Web.Components.Kit;

/// <summary>What stands against what someone asked of a desk on an open page. A refusal for the role is put on record, as the API's are.</summary>
/// <remarks><c>refusals</c> is null where there is no record.</remarks>
internal sealed class PageRefusals(NavigationManager navigation, AccessRefusals? refusals = null)
{
    /// <summary>What stands against it, as sentences; none when it was done.</summary>
    public async Task<IReadOnlyList<string>> AgainstAsync<T>(RecordAnswer<T> answer, Operator? by)
    {
        if (by is not null && refusals is not null && answer is RecordAnswer<T>.Refused refused
            && refused.Refusals.Where(r => r is IRoleRefusal).Select(r => r.Sentence).ToList() is { Count: > 0 } barred)
        {
            var path = navigation.ToBaseRelativePath(navigation.Uri).Split('?', '#')[0];
            await refusals.RecordAsync(by, $"page /{path}", string.Join(' ', barred));
        }

        return Answers.Against(answer);
    }
}
