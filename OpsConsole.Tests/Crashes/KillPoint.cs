using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Tests.Crashes;

/// <summary>Where an action is when the console is killed, as seen from outside.</summary>
internal enum KillPlace
{
    /// <summary>It sends a message to the database, which never hears of it.</summary>
    BeforeDatabase,

    /// <summary>The database did what the message says, and its answer never arrives.</summary>
    AfterDatabase,

    /// <summary>The target has the request and does nothing about it.</summary>
    PutLost,

    /// <summary>The target has the request, and does it only after the next console has looked, or some seconds later.</summary>
    PutLate,

    /// <summary>The target did it, and its answer never arrives.</summary>
    PutApplied,

    /// <summary>The target did it and answered.</summary>
    PutAnswered,

    /// <summary>The target is read, and its answer never arrives.</summary>
    GetAsked,

    /// <summary>The target was read.</summary>
    GetAnswered,

    /// <summary>Nothing is under way any more.</summary>
    Idle,
}

/// <summary>A message to the database: what it does, and the how manieth of those it is.</summary>
internal readonly record struct DatabaseStep(string Does, int Nth)
{
    /// <summary>What is read only leaves no more behind than what was written before.</summary>
    public bool IsRead => Does?.StartsWith("read ", StringComparison.Ordinal) == true;

    public override string ToString() => Nth == 1 ? Does : $"{Does} ({Nth})";
}

/// <summary>A place, and for the database at which message.</summary>
internal readonly record struct KillPoint(KillPlace Place, DatabaseStep Step = default)
{
    public bool IsAtDatabase => Place is KillPlace.BeforeDatabase or KillPlace.AfterDatabase;

    public override string ToString() => IsAtDatabase ? $"{Place} {Step}" : $"{Place}";
}

/// <summary>What the console does when it is killed.</summary>
/// <param name="Verb">With an action of this verb.</param>
/// <param name="Adopting">Finding it left behind by a console that was killed, not asking for it.</param>
internal readonly record struct KillScene(ActionVerb Verb, bool Adopting)
{
    /// <summary>Switches pass through no target.</summary>
    public bool HasTarget => Verb is not (ActionVerb.Kill or ActionVerb.Restore);

    public override string ToString() => Adopting ? $"{Verb} left behind" : $"{Verb}";
}
