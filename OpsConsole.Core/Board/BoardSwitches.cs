using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Board;

/// <summary>The switches that the board knows, everywhere and in single environments. Only under the board's lock.</summary>
internal sealed class BoardSwitches
{
    private readonly Dictionary<(string Key, string? Environment), SwitchSummary> _known = [];

    /// <summary>Takes over a state. False where a later one is known.</summary>
    public bool Take(SwitchSummary value)
    {
        if (_known.TryGetValue((value.Key, value.Environment), out var known) && known.ChangedAt > value.ChangedAt)
        {
            return false;
        }

        _known[(value.Key, value.Environment)] = value;
        return true;
    }

    /// <summary>The switch as it holds for a release: killed where it is killed everywhere, or where the release is.</summary>
    public SwitchSummary? Of(Release release)
    {
        if (release.SwitchKey is not { } key)
        {
            return null;
        }

        return (_known.GetValueOrDefault((key, null)), _known.GetValueOrDefault((key, release.Environment))) switch
        {
            (var everywhere, null) => everywhere,
            ({ Killed: true } everywhere, _) => everywhere,
            (_, { Killed: true } there) => there,
            (null, var there) => there with { Environment = null },
            (var everywhere, var there) => there.ChangedAt > everywhere.ChangedAt ? everywhere with { ChangedAt = there.ChangedAt } : everywhere,
        };
    }
}
