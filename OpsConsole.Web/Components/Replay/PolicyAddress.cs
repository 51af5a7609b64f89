using System.Globalization;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Policies.Replay;

namespace OpsConsole.Web.Components.Replay;

/// <summary>A choice of policy as it stands in an address and in a list: <c>own</c>, <c>text</c>, <c>name</c> or <c>name@3</c>.</summary>
public static class PolicyAddress
{
    public const string Own = "own";

    /// <summary>A pasted text; the text itself is not in the address.</summary>
    public const string Text = "text";

    public const string None = "none";

    private const int MostPolicies = 50;
    private const int MostVersions = 20;

    public static string Of(PolicyHead version)
    {
        ArgumentNullException.ThrowIfNull(version);
        return $"{version.Name}@{version.Version.ToString(CultureInfo.InvariantCulture)}";
    }

    /// <summary>What there is to choose from: every version of each policy, newest first, within a bound.</summary>
    public static async Task<IReadOnlyList<PolicyHead>> LibraryAsync(IPolicyStore store, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        var library = new List<PolicyHead>();
        foreach (var latest in (await store.ListAsync(cancellationToken)).Take(MostPolicies))
        {
            library.Add(latest);
            if (latest.Version > 1)
            {
                library.AddRange((await store.VersionsAsync(latest.Name, cancellationToken)).Where(v => v.Version < latest.Version).Take(MostVersions));
            }
        }

        return library;
    }

    /// <summary>The choice that an address means; null for none.</summary>
    public static PolicyChoice? Read(string? address, string? text)
    {
        switch (address)
        {
            case null or "" or None:
                return null;
            case Own:
                return PolicyChoice.Own;
            case Text:
                return new PolicyChoice(Text: text ?? "");
            default:
                var at = address.LastIndexOf('@');
                return at > 0 && int.TryParse(address[(at + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
                    ? new PolicyChoice(Name: address[..at], Version: version)
                    : new PolicyChoice(Name: address);
        }
    }
}
