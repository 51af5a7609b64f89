using Microsoft.Extensions.Logging;

namespace OpsConsole.Core.Rollouts;

/// <summary>What the engine writes into the log.</summary>
internal static partial class RolloutLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The gates of {Service} {Version} could not be read; they are read again.")]
    public static partial void GatesUnread(ILogger log, string service, string version, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The rollout of release {Release} waits for the record: {Reason}")]
    public static partial void RecordAway(ILogger log, Guid release, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The rollout of release {Release} could not be evaluated; it is tried again every second, and the other releases go on.")]
    public static partial void Broken(ILogger log, Guid release, Exception exception);
}
