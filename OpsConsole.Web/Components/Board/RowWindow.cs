using OpsConsole.Core.Board;

namespace OpsConsole.Web.Components.Board;

/// <summary>Which rows of a board are on the screen or next to it, and follow every change; the others are shown whole but plainly, and follow with less haste. One for each open board.</summary>
public sealed class RowWindow
{
    /// <summary>Rows from the top that count as on the screen until the browser has told: more than a large one shows.</summary>
    public const int Expected = 30;

    /// <summary>How old the values of a row far from the screen may become. A change of verdict, stage, exposure or action shows at once wherever the row is.</summary>
    public static readonly TimeSpan DistantPace = TimeSpan.FromSeconds(5);

    private readonly HashSet<Guid> _met = [];
    private readonly Dictionary<Guid, ReleaseSnapshot> _shown = [];
    private readonly List<(ReleaseSnapshot Release, bool Near)> _rows = [];
    private int _first;
    private int _last = Expected - 1;

    /// <summary>Takes in which rows, counted from 0 at the top, are on the screen or next to it.</summary>
    public void Move(int first, int last) => (_first, _last) = (first, last);

    /// <summary>What to show of these releases, in their order: near ones as they are, distant ones as they were at most <see cref="DistantPace"/> ago.</summary>
    /// <remarks>A row that was near once, or is in trouble, counts as near for as long as it is there: so it keeps the focus and what was opened in it. Away from the screen it still changes at the distant pace only.</remarks>
    public IReadOnlyList<(ReleaseSnapshot Release, bool Near)> Choose(IReadOnlyList<ReleaseSnapshot> releases)
    {
        ArgumentNullException.ThrowIfNull(releases);
        _rows.Clear();
        for (var i = 0; i < releases.Count; i++)
        {
            var release = releases[i];
            var onScreen = i >= _first && i <= _last;
            if (onScreen || Marks.Of(release).IsTrouble())
            {
                _met.Add(release.Id);
            }

            if (onScreen || !_shown.TryGetValue(release.Id, out var shown) || shown.DecisionVersion != release.DecisionVersion || release.AsOf - shown.AsOf >= DistantPace)
            {
                _shown[release.Id] = shown = release;
            }

            _rows.Add((shown, _met.Contains(release.Id)));
        }

        Forget(releases);
        return _rows;
    }

    private void Forget(IReadOnlyList<ReleaseSnapshot> releases)
    {
        if (_shown.Count > releases.Count * 2)
        {
            var there = releases.Select(r => r.Id).ToHashSet();
            _met.IntersectWith(there);
            foreach (var gone in _shown.Keys.Where(id => !there.Contains(id)).ToList())
            {
                _shown.Remove(gone);
            }
        }
    }
}
