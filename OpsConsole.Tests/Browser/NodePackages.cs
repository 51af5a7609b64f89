using System.Diagnostics;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Browser;

/// <summary>Packages from npm that tests use as clients would, restored from the lock file when they are not there.</summary>
internal static class NodePackages
{
    private static readonly Lazy<Task<string>> Restored = new(RestoreAsync);

    /// <summary>The folder that holds <c>node_modules</c>.</summary>
    public static Task<string> FolderAsync() => Restored.Value;

    private static async Task<string> RestoreAsync()
    {
        var folder = Path.Combine(Repository.Root, "OpsConsole.Tests", "Browser");
        var installed = new FileInfo(Path.Combine(folder, "node_modules", ".package-lock.json"));
        if (!installed.Exists || installed.LastWriteTimeUtc < File.GetLastWriteTimeUtc(Path.Combine(folder, "package-lock.json")))
        {
            using var npm = Process.Start(new ProcessStartInfo("npm", "ci --ignore-scripts --no-audit --no-fund --loglevel=error") { WorkingDirectory = folder })!;
            await npm.WaitForExitAsync();
            Assert.True(npm.ExitCode == 0, "npm ci failed in " + folder);
        }

        return folder;
    }
}
