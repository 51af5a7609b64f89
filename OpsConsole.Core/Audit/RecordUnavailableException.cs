namespace OpsConsole.Core.Audit;

/// <summary>The database cannot be reached or does not answer in time: nothing was written, and nothing that needs writing is done.</summary>
public sealed class RecordUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
