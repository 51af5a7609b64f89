namespace OpsConsole.Core.Storage;

/// <summary>What the record is kept in.</summary>
public enum DatabaseProvider
{
    /// <summary>A private PostgreSQL that the console runs itself.</summary>
    Embedded,

    /// <summary>A PostgreSQL server named by a connection string.</summary>
    Postgres,

    /// <summary>A SQL Server named by a connection string.</summary>
    SqlServer,
}

/// <summary>The storage cannot be started until someone changes something; the message is one sentence on what.</summary>
public sealed class StorageStartException(string message, Exception? inner = null) : Exception(message, inner);
