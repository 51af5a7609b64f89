using Microsoft.AspNetCore.Components;
using OpsConsole.Core.Access;
using OpsConsole.Core.Gates;
using OpsConsole.Web.Identity;

namespace OpsConsole.Web.Components.Kit;

/// <summary>What stands against what someone asked of a desk on an open page. A refusal for the role is put on record, as the API's are.</summary>
internal sealed class PageRefusals(NavigationManager navigation, AccessRefusals refusals)
{
    /// <summary>What stands against it, as sentences; none when it was done.</summary>
    public async Task<IReadOnlyList<string>> AgainstAsync<T>(RecordAnswer<T> answer, Operator? by)
    {
        if (by is not null && answer is RecordAnswer<T>.Refused refused && refused.Refusals.Where(r => r is IRoleRefusal).Select(r => r.Sentence).ToList() is { Count: > 0 } barred)
        {
            await RecordAsync(by, string.Join(' ', barred));
        }

        return Answers.Against(answer);
    }

    /// <summary>Puts on record that someone asked on the open page for what they may not.</summary>
    public Task RecordAsync(Operator by, string why) => refusals.RecordAsync(by, $"page /{navigation.ToBaseRelativePath(navigation.Uri).Split('?', '#')[0]}", why);
}
