using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Tests.Crashes;

/// <summary>All points of one scene to kill at: places at the target, and before and after each message to the database that every run sends.</summary>
/// <param name="scene">What the console does.</param>
/// <param name="others">Messages that have nothing to do with it.</param>
internal sealed class KillCourse(KillScene scene, IReadOnlySet<DatabaseStep> others)
{
    private static readonly KillPlace[] Asked = [KillPlace.PutLost, KillPlace.PutLate, KillPlace.PutApplied, KillPlace.PutAnswered];
    private static readonly KillPlace[] Read = [KillPlace.GetAsked, KillPlace.GetAnswered];

    private readonly Dictionary<KillPoint, int> _tries = [];
    private readonly Dictionary<KillPoint, int> _made = [];
    private List<DatabaseStep>? _steps;

    public KillScene Scene => scene;

    /// <summary>True once a run was seen to its end.</summary>
    public bool IsKnown => _steps is not null;

    /// <summary>What every run that came to its end sent to the database, in the order of the first.</summary>
    public IEnumerable<DatabaseStep> Steps => (_steps ?? []).Where(s => !others.Contains(s));

    /// <summary>Points that must be killed at and were not yet: all at the target, and before and after each message that writes.</summary>
    public IReadOnlyList<KillPoint> Left => [.. Points.Where(p => !p.Step.IsRead && !_made.ContainsKey(p))];

    /// <summary>True once there is nothing that must be done.</summary>
    public bool IsDone => IsKnown && Left.Count == 0;

    public int Made => _made.Values.Sum();

    public int Tries => _tries.Values.Sum();

    /// <summary>A point that leaves the action behind.</summary>
    public KillPoint Leaving => scene.HasTarget ? new(KillPlace.PutApplied) : new(KillPlace.AfterDatabase, Steps.First(static s => s.Does == "commit of insert actions"));

    private IEnumerable<KillPoint> Points => AtTarget.Select(static p => new KillPoint(p))
        .Concat(Steps.SelectMany(static s => new[] { new KillPoint(KillPlace.BeforeDatabase, s), new KillPoint(KillPlace.AfterDatabase, s) }));

    /// <summary>What grows is never asked for again by whoever finds it.</summary>
    private IEnumerable<KillPlace> AtTarget => !scene.HasTarget ? [] : scene.Adopting && !scene.Verb.IsStopping() ? Read : [.. Asked, .. Read];

    /// <summary>The next point: one that must be, else any, the least tried first. Idle as long as nobody knows what is sent.</summary>
    public KillPoint Next()
    {
        var left = Left;
        var point = IsKnown ? (left.Count > 0 ? left : [.. Points]).MinBy(p => _tries.GetValueOrDefault(p)) : new(KillPlace.Idle);
        Try(point);
        return point;
    }

    public void Try(KillPoint point) => _tries[point] = _tries.GetValueOrDefault(point) + 1;

    /// <summary>Killed at the point.</summary>
    public void Hit(KillPoint point) => _made[point] = _made.GetValueOrDefault(point) + 1;

    /// <summary>It came to its end, having sent these.</summary>
    public void Ended(IReadOnlyList<DatabaseStep> sent) => _steps = _steps is null ? [.. sent] : [.. _steps.Intersect(sent)];
}
