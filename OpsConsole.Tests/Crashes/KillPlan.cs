using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Tests.Crashes;

/// <summary>Which points are left to kill at: for every verb each place at the target, and each message to the database until an action of that verb ends before it.</summary>
internal sealed class KillPlan(int kills)
{
    private readonly int _all = kills;
    private static readonly KillPlace[] AtTarget = [KillPlace.PutLost, KillPlace.PutLate, KillPlace.PutApplied, KillPlace.PutAnswered, KillPlace.GetAsked, KillPlace.GetAnswered];

    private readonly Lock _lock = new();
    private readonly Dictionary<ActionVerb, Queue<KillPlace>> _places = Enum.GetValues<ActionVerb>()
        .ToDictionary(v => v, v => new Queue<KillPlace>(v is ActionVerb.Kill or ActionVerb.Restore ? [] : AtTarget));

    private readonly Dictionary<ActionVerb, int> _next = Enum.GetValues<ActionVerb>().ToDictionary(v => v, _ => 0);
    private readonly Dictionary<ActionVerb, int> _messages = [];
    private readonly SortedDictionary<string, int> _done = new(StringComparer.Ordinal);
    private int _left = kills;
    private int _adoption;

    public int Kills => _all - Math.Max(_left, 0);

    /// <summary>How many kills were made where, for the test's output.</summary>
    public string Story => string.Join(", ", _done.Select(d => $"{d.Key} {d.Value}")) + "; messages to the database: " + string.Join(", ", _messages.Select(m => $"{m.Key} {m.Value}"));

    /// <summary>Takes the next kill; null when all were made.</summary>
    public int? Take()
    {
        lock (_lock)
        {
            return _left <= 0 ? null : _left--;
        }
    }

    /// <summary>The verb, of those that are possible now, that was killed least.</summary>
    public ActionVerb Least(IEnumerable<ActionVerb> possible)
    {
        lock (_lock)
        {
            return possible.MinBy(v => _next[v] + (_places[v].Count == 0 ? AtTarget.Length : AtTarget.Length - _places[v].Count));
        }
    }

    public KillPoint Next(ActionVerb verb)
    {
        lock (_lock)
        {
            if (_places[verb].TryDequeue(out var place))
            {
                return new KillPoint(place);
            }

            var next = _next[verb]++;
            var most = _messages.GetValueOrDefault(verb, int.MaxValue / 4);
            return new KillPoint(next % 2 == 0 ? KillPlace.BeforeDatabase : KillPlace.AfterDatabase, (next / 2 % most) + 1);
        }
    }

    public KillPoint NextAdoption()
    {
        lock (_lock)
        {
            return new KillPoint(KillPlace.WhileAdopting, (_adoption++ % 40) + 1);
        }
    }

    /// <summary>An action of the verb ended with fewer messages than it was to be killed at.</summary>
    public void Ended(ActionVerb verb, int messages)
    {
        lock (_lock)
        {
            _messages[verb] = Math.Max(messages, 1);
        }
    }

    public void Made(ActionVerb? verb, KillPlace place)
    {
        lock (_lock)
        {
            var name = verb is null ? $"{place}" : $"{verb} {place}";
            _done[name] = _done.GetValueOrDefault(name) + 1;
        }
    }
}
