using System.Runtime.CompilerServices;

namespace OpsConsole.Tests.Shared;

/// <summary>What holds for the whole test process.</summary>
internal static class TestProcess
{
    /// <summary>Hosts made by tests watch no configuration files: many at once use up the watches that a machine grants.</summary>
    [ModuleInitializer]
    internal static void WatchNoConfiguration() => Environment.SetEnvironmentVariable("DOTNET_hostBuilder__reloadConfigOnChange", "false");
}
