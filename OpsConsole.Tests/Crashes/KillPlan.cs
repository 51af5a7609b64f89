using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Tests.Crashes;

/// <summary>Which points are left to kill at, over all lanes: for every verb, asked for or left behind, each place at the target, and before and after each message to the database that writes; then any message.</summary>
internal sealed class KillPlan
{
    private readonly Lock _lock = new();
    private readonly HashSet<DatabaseStep> _ofStart = [];
    private readonly Dictionary<KillScene, KillCourse> _courses = [];
    private readonly int _least;
    private readonly int _most;
    private int _taken;
    private int _idle;

    /// <param name="least">So many kills are made in any case.</param>
    /// <param name="most">So many are made at most, whatever is left.</param>
    public KillPlan(int least, int most)
    {
        (_least, _most) = (least, most);
        foreach (var verb in Enum.GetValues<ActionVerb>())
        {
            _courses[new(verb, false)] = new(new(verb, false), new HashSet<DatabaseStep>());
            _courses[new(verb, true)] = new(new(verb, true), _ofStart);
        }
    }

    /// <summary>Kills that were made.</summary>
    public int Kills => _courses.Values.Sum(c => c.Made) + _idle;

    /// <summary>Kills with nothing under way: of those nothing is learnt.</summary>
    public int WhileIdle => _idle;

    /// <summary>Verbs that were never killed while they were asked for.</summary>
    public IReadOnlyList<ActionVerb> Untouched => [.. _courses.Values.Where(static c => !c.Scene.Adopting && c.Made == 0).Select(static c => c.Scene.Verb)];

    /// <summary>Points that nobody was killed at.</summary>
    public IReadOnlyList<string> Missing => [.. _courses.Values.SelectMany(static c => !c.IsKnown ? [$"{c.Scene}: never seen to its end"] : c.Left.Select(p => $"{c.Scene}: {p}"))];

    /// <summary>What was killed how often, and what each scene sends to the database.</summary>
    public string Story => string.Join('\n', _courses.Values.Select(static c =>
        $"{c.Scene}: {c.Made} kills; writes to the database: {string.Join(", ", c.Steps.Where(static s => !s.IsRead))}; reads: {c.Steps.Count(static s => s.IsRead)}").Append($"nothing under way: {_idle} kills"));

    /// <summary>Takes the next kill; false when there were enough.</summary>
    public bool Take()
    {
        lock (_lock)
        {
            if (_taken >= _least && (_taken >= _most || Missing.Count == 0))
            {
                return false;
            }

            _taken++;
            return true;
        }
    }

    /// <summary>A verb to ask for, and where to kill: one of which points are left, else one of which points are left for who finds it left behind, else any.</summary>
    public (ActionVerb Verb, KillPoint Point) NextActing()
    {
        lock (_lock)
        {
            var acting = _courses.Values.Where(static c => !c.Scene.Adopting).OrderBy(static c => c.Tries).ToList();
            if (acting.Find(static c => !c.IsDone) is { } course)
            {
                return (course.Scene.Verb, course.Next());
            }

            if (acting.Find(c => !_courses[new(c.Scene.Verb, true)].IsDone) is { } finding)
            {
                finding.Try(finding.Leaving);
                return (finding.Scene.Verb, finding.Leaving);
            }

            return (acting[0].Scene.Verb, acting[0].Next());
        }
    }

    /// <summary>Where to kill the one that finds an action of the verb; null when that is better let come to its end.</summary>
    public KillPoint? NextAdopting(ActionVerb verb)
    {
        lock (_lock)
        {
            var course = _courses[new(verb, true)];
            return course.IsKnown && (!course.IsDone || _courses.Values.All(static c => c.IsDone)) ? course.Next() : null;
        }
    }

    public void Hit(KillScene scene, KillPoint point)
    {
        lock (_lock)
        {
            _courses[scene].Hit(point);
        }
    }

    /// <summary>It came to its end without being killed, having sent these. Nothing is learnt of one that was not put on record by then, because the record was slow.</summary>
    public void Ended(KillScene scene, IReadOnlyList<DatabaseStep> sent)
    {
        lock (_lock)
        {
            if (sent.Any(s => s.Does == (scene.Adopting ? "commit of update actions" : "commit of insert actions")))
            {
                _courses[scene].Ended(sent);
            }
        }
    }

    /// <summary>A console started that found nothing left behind.</summary>
    public void Started(IReadOnlyList<DatabaseStep> sent)
    {
        lock (_lock)
        {
            _ofStart.UnionWith(sent);
        }
    }

    /// <summary>Killed with nothing under way.</summary>
    public void Idle()
    {
        lock (_lock)
        {
            _idle++;
        }
    }
}
