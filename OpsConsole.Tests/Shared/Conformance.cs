namespace OpsConsole.Tests.Shared;

/// <summary>Facts and test values of other systems, kept as data beside the project and not in it.</summary>
public static class Conformance
{
    /// <summary>The text of one file, for example <c>kayenta/scorer_cases.json</c>; the test is skipped, and says so, where the folder is not there.</summary>
    public static string Read(string file)
    {
        if (Find(file) is { } path)
        {
            return File.ReadAllText(path);
        }

        Assert.Skip($"The conformance data ({file}) is not beside the project.");
        return "";
    }

    private static string? Find(string file)
    {
        for (var folder = new DirectoryInfo(Repository.Root).Parent; folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "shared", "conformance", file);
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}
