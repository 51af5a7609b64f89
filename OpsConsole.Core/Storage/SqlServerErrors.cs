namespace OpsConsole.Core.Storage;

/// <summary>What the error numbers of SQL Server mean here. The client calls none of them transient by itself.</summary>
internal static class SqlServerErrors
{
    /// <summary>The server, the database or the way there is away or has no room: what was asked may be right.</summary>
    public static bool IsUnavailable(int number, byte severity) => severity >= 17 || IsWorthAnotherTry(number) || number switch
    {
        -2 => true,                 // the client's time limit
        -1 or 0 or 2 or 53 => true, // no server there
        1222 => true,               // a lock was not given in time
        4060 or 18456 => true,      // the database cannot be opened, or signed in to, now
        911 or 916 or 924 or 926 or 927 or 945 or 946 or 952 => true, // the database is being restored, is closed or is not ready
        976 or 978 or 983 => true,  // this replica does not take it
        3906 or 3908 => true,       // the database takes no writes
        _ => false,
    };

    /// <summary>A broken connection, a restart, a failover, a deadlock: the same may work at once.</summary>
    public static bool IsWorthAnotherTry(int number) => number switch
    {
        1205 => true,                               // chosen as the victim of a deadlock
        3960 => true,                               // changed by another since the snapshot
        20 or 64 or 121 or 233 or 258 => true,      // the connection broke
        10053 or 10054 or 10060 or 10061 => true,   // the same, by the network
        596 or 6005 => true,                        // the session was ended, the server stops
        4221 => true,                               // a replica that has just started
        10928 or 10929 or 40197 or 40501 or 40613 or 49918 or 49919 or 49920 => true, // a hosted server moves or is busy
        _ => false,
    };

    public static bool IsForbidden(int number) => number is 229 or 230 or 262 or 297 or 300 or 1088 or 2760 or 4902 or 15247;

    public static bool IsDuplicate(int number) => number is 2601 or 2627;
}
