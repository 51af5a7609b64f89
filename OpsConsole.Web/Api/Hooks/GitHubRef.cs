namespace OpsConsole.Web.Api.Hooks;

/// <summary>Tells a version from what a deployment is made from.</summary>
internal static class GitHubRef
{
    private const string Version = "{version}", Commit = "{commit}";

    /// <summary>How many digits of a commit are a version.</summary>
    private const int CommitDigits = 12;

    /// <summary>How GitHub may write a branch or a tag in full.</summary>
    private static readonly string[] Full = ["refs/tags/", "refs/heads/"];

    /// <summary>What is wrong with a template, to follow its name; null: nothing.</summary>
    public static string? Fault(string? template) =>
        template == Commit || template?.Split(Version).Length == 2 ? null : $"is '{template}', and must have {Version} in it once, or be {Commit}.";

    /// <summary>The version; null where the ref has another form.</summary>
    /// <param name="template">Without faults.</param>
    /// <param name="given">Branch, tag or commit as the deployment names it.</param>
    /// <param name="sha">The commit in full.</param>
    public static string? VersionOf(string template, string given, string sha)
    {
        if (template == Commit)
        {
            return sha.Length > CommitDigits ? sha[..CommitDigits] : null;
        }

        var parts = template.Split(Version);
        var name = Full.Where(f => given.StartsWith(f, StringComparison.Ordinal) && !template.StartsWith(f, StringComparison.Ordinal)).Select(f => given[f.Length..]).FirstOrDefault(given);
        return name.Length > parts[0].Length + parts[1].Length && name.StartsWith(parts[0], StringComparison.Ordinal) && name.EndsWith(parts[1], StringComparison.Ordinal)
            ? name[parts[0].Length..^parts[1].Length]
            : null;
    }
}
