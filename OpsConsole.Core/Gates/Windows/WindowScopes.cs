using OpsConsole.Core.Policies.Text;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Gates.Windows;

/// <summary>Whether a window would ever hold anything: a service, target or environment that no release has is most often misspelt. Never a reason to refuse, since the first release may be yet to come.</summary>
public sealed class WindowScopes(IReleaseStore releases)
{
    /// <summary>A sentence for each name that none of the newest releases has, with the nearest that one has.</summary>
    /// <param name="service">Null: every one; likewise the other two.</param>
    /// <param name="target">Its target.</param>
    /// <param name="environment">Its environment.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task<IReadOnlyList<string>> UnknownAsync(string? service, string? target, string? environment, CancellationToken cancellationToken)
    {
        if (service is null && target is null && environment is null)
        {
            return [];
        }

        var newest = (await releases.PageAsync(new ReleaseQuery { Take = ReleaseQuery.MaxTake }, cancellationToken).ConfigureAwait(false)).Items;
        return newest.Count == 0 ? [] :
        [
            .. new[] { ("Service", service, newest.Select(r => r.Service)), ("Target", target, newest.Select(r => r.Target)), ("Environment", environment, newest.Select(r => r.Environment)) }
                .Select(field => Doubt(field.Item1, field.Item2, [.. field.Item3.Distinct(StringComparer.Ordinal)]))
                .OfType<string>(),
        ];
    }

    private static string? Doubt(string field, string? name, IReadOnlyList<string> known) => name is null || known.Contains(name)
        ? null
        : $"{field}: no release on record has '{name}', so the window would hold nothing. {Spelling.Suggest(name, known) ?? $"Known are {string.Join(", ", known.Order(StringComparer.Ordinal).Take(8))}."}";
}
