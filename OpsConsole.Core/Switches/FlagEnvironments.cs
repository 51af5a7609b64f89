using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Actions.Kill;
using OpsConsole.Core.Board;
using OpsConsole.Core.Policies.Text;

namespace OpsConsole.Core.Switches;

/// <summary>The environments that a switch can be killed or targeted in: where releases, flag clients or switches are. Known from memory, so that a kill never waits for it.</summary>
public sealed class FlagEnvironments(ReleaseBoard board, SwitchBoard switches, FlagClientTable clients)
{
    /// <summary>Where flags are read by those who name no environment.</summary>
    public const string Default = "production";

    /// <summary>All of them, by name.</summary>
    public IReadOnlyList<string> Known =>
        [.. board.Current.Releases.Select(r => r.Environment).Concat(switches.Environments).Concat(clients.Environments).Append(Default).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>What stands against acting in an environment; nothing where it is known, where none is named, and while not everything was read since the start.</summary>
    public IEnumerable<Refusal> Against(string? environment)
    {
        if (environment is null || !switches.IsLoaded)
        {
            yield break;
        }

        var known = Known;
        if (!known.Contains(environment, StringComparer.Ordinal))
        {
            yield return new UnknownEnvironmentRefusal(PlainText.Of(environment), Spelling.Nearest(environment, known), known);
        }
    }

    /// <summary>What stands against giving a token for an environment where nobody said that it is new: a mistyped one would become real.</summary>
    /// <param name="environment">The environment, in the form of a name.</param>
    /// <param name="others">Environments that are known from elsewhere.</param>
    public IEnumerable<Refusal> AgainstToken(string environment, IEnumerable<string> others)
    {
        IReadOnlyList<string> known = [.. Known.Union(others, StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return known.Contains(environment, StringComparer.Ordinal) ? [] : [new NewEnvironmentRefusal(PlainText.Of(environment), Spelling.Nearest(environment, known), known)];
    }
}
