namespace OpsConsole.Core.Audit;

/// <summary>The database did not answer in time or is not there: nothing was written, or what was asked cannot be read now.</summary>
public sealed class RecordUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
