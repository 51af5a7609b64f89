namespace OpsConsole.Core.Audit;

/// <summary>The record cannot be read or written now: the database is away, still starting, or did not answer in time.</summary>
/// <remarks>A write that ended with this was either not made, or made as a whole; it is never made twice by asking again with the same action or release.</remarks>
public sealed class RecordUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
