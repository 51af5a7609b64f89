using Microsoft.Extensions.Logging;

namespace OpsConsole.Core.Storage;

/// <summary>Keeps lines of the journal that cannot be read in a file beside it, and says so in the log.</summary>
internal static class KillJournalAside
{
    /// <summary>True once all damaged and torn lines are in the file at <paramref name="path"/>, each once.</summary>
    public static bool Keep(string path, KillJournalContent content, ILogger log)
    {
        if (content.Damaged.Count + content.Torn.Count == 0)
        {
            return true;
        }

        foreach (var (line, kill) in content.Damaged)
        {
            log.LogCritical(
                "The journal of kills has a damaged line of a kill that was confirmed: {Standing} See who killed what in {Path}. Line: {Line}",
                kill is null ? "what was killed cannot be read, so that kill is not in force." : $"it still names {kill.Key} {(kill.Environment is null ? "everywhere" : "in " + kill.Environment)}, which is held off; look whether that name is right.",
                path,
                line);
        }

        if (content.Torn.Count > 0)
        {
            log.LogError("The journal of kills has {Lines} line(s) that a crash left unfinished; nobody was told that these kills are in force. They are kept in {Path}.", content.Torn.Count, path);
        }

        try
        {
            var known = File.Exists(path) ? File.ReadAllText(path).Split('\n').ToHashSet(StringComparer.Ordinal) : [];
            File.AppendAllText(path, string.Concat(content.Damaged.Select(d => d.Line).Concat(content.Torn).Where(known.Add).Select(line => line + "\n")));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.LogError(e, "Lines of the journal of kills that cannot be read cannot be kept aside in {Path}; the damaged ones stay in the journal.", path);
            return false;
        }
    }
}
