using System.Runtime.CompilerServices;

namespace OpsConsole.Tests.Shared;

/// <summary>Where the sources of the project lie, for tests that read them.</summary>
public static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>Files below a folder of the project with one of these endings, build output left out.</summary>
    public static IEnumerable<string> Files(string folder, params string[] endings) => Directory
        .EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories)
        .Where(file => endings.Any(e => file.EndsWith(e, StringComparison.Ordinal))
            && !file.Contains("/obj/", StringComparison.Ordinal)
            && !file.Contains("/bin/", StringComparison.Ordinal)
            && !file.Contains("/node_modules/", StringComparison.Ordinal));

    private static string Find([CallerFilePath] string here = "")
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "OpsConsole.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
    }
}
