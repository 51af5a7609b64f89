using OpsConsole.Core.Storage;
using OpsConsole.Core.Switches;

namespace OpsConsole.Web.Identity;

/// <summary>Keeps the tokens of flag clients known.</summary>
internal sealed class FlagClientLoading(StorageReady storage, IFlagClientStore stored, FlagClientTable table, TimeProvider time, ILogger<FlagClientLoading> logger)
    : TokenLoading<FlagClient, KnownFlagClient>("Tokens of flag clients", storage, stored, table, time, logger);
