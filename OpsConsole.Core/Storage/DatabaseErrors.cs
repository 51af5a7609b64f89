using System.Data.Common;
using Microsoft.Data.SqlClient;
using Npgsql;

namespace OpsConsole.Core.Storage;

/// <summary>What an exception of either provider means here.</summary>
internal static class DatabaseErrors
{
    /// <summary>True when the database is away, is going away, or has no room or time now: nothing is wrong with what was asked.</summary>
    public static bool IsUnavailable(Exception exception) => Cause(exception) switch
    {
        PostgresException postgres => postgres.SqlState[..2] is not ("22" or "23" or "42" or "0A"),
        NpgsqlException => true,
        SqlException server => SqlServerErrors.IsUnavailable(server.Number, server.Class),
        TimeoutException or IOException or System.Net.Sockets.SocketException => true,
        _ => false,
    };

    /// <summary>True when asking again at once may work: a broken connection, a restart, a deadlock.</summary>
    public static bool IsWorthAnotherTry(Exception exception) => Cause(exception) switch
    {
        PostgresException postgres => postgres.IsTransient && postgres.SqlState != PostgresErrorCodes.QueryCanceled,
        NpgsqlException npgsql => npgsql.InnerException is not TimeoutException,
        SqlException server => SqlServerErrors.IsWorthAnotherTry(server.Number),
        IOException or System.Net.Sockets.SocketException => true,
        _ => false,
    };

    /// <summary>True when the database's role may not do what was asked.</summary>
    public static bool IsForbidden(Exception exception) => Cause(exception) switch
    {
        PostgresException postgres => postgres.SqlState == PostgresErrorCodes.InsufficientPrivilege,
        SqlException server => SqlServerErrors.IsForbidden(server.Number),
        _ => false,
    };

    /// <summary>True when the unique index or key of that name refused a row.</summary>
    public static bool IsDuplicate(Exception exception, string index) => IsDuplicate(exception) && Cause(exception) switch
    {
        PostgresException postgres => postgres.ConstraintName == index,
        SqlException server => server.Message.Contains($"'{index}'", StringComparison.Ordinal),
        _ => false,
    };

    /// <summary>True when some unique index or key refused a row.</summary>
    public static bool IsDuplicate(Exception exception) => Cause(exception) switch
    {
        PostgresException postgres => postgres.SqlState == PostgresErrorCodes.UniqueViolation,
        SqlException server => SqlServerErrors.IsDuplicate(server.Number),
        _ => false,
    };

    /// <summary>The database's own exception, out of what EF Core wraps it in.</summary>
    private static Exception Cause(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is DbException or TimeoutException or IOException)
            {
                return cause;
            }
        }

        return exception;
    }
}
