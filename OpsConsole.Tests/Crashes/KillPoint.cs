namespace OpsConsole.Tests.Crashes;

/// <summary>Where an action is when the console is killed, as seen from outside.</summary>
internal enum KillPlace
{
    /// <summary>It sends its n-th message to the database, which never hears of it.</summary>
    BeforeDatabase,

    /// <summary>The database did what the n-th message says, and its answer never arrives.</summary>
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

    /// <summary>The n-th message to the database of the console that finds an action left behind.</summary>
    WhileAdopting,

    /// <summary>Nothing is under way any more.</summary>
    Idle,
}

/// <summary>A place, and for the database which message.</summary>
internal sealed record KillPoint(KillPlace Place, int Message = 0);
