using System.Text.Json;
using OpsConsole.Core.Remote;

namespace OpsConsole.Core.Targets.GitHub;

/// <summary>How far a deployment is.</summary>
internal enum GitHubStanding
{
    /// <summary>Nobody has said anything of it yet.</summary>
    Asked,

    /// <summary>It is being brought about.</summary>
    Underway,

    /// <summary>It is so.</summary>
    Done,

    /// <summary>It ended in a way that leaves open what is so.</summary>
    Failed,

    /// <summary>It never happened: it was set to inactive without ever having succeeded.</summary>
    CalledOff,
}

/// <summary>What the statuses of a deployment say.</summary>
/// <param name="Standing">How far it is.</param>
/// <param name="State">The newest state, in GitHub's word; empty where there is none.</param>
/// <param name="Description">What whoever set it says; empty where nothing.</param>
/// <param name="LogUrl">Where more is to be seen; empty where nothing is said.</param>
internal sealed record GitHubProgress(GitHubStanding Standing, string State, string Description, string LogUrl)
{
    /// <summary>Reads the list of statuses as the API writes it.</summary>
    public static GitHubProgress Read(JsonElement answer)
    {
        var newestFirst = answer.EnumerateArray().OrderByDescending(s => s.GetProperty("id").GetInt64())
            .Select(s => (State: s.Text("state") ?? "", Description: s.Text("description") ?? "", LogUrl: s.Text("log_url") ?? "")).ToList();
        if (newestFirst.Count == 0)
        {
            return new GitHubProgress(GitHubStanding.Asked, "", "", "");
        }

        var (state, description, url) = newestFirst[0];
        return new GitHubProgress(
            state switch
            {
                "success" => GitHubStanding.Done,
                "failure" or "error" => GitHubStanding.Failed,

                // Set by GitHub too, when another deployment of the same environment succeeds: what was brought about stays so.
                "inactive" => newestFirst.Exists(s => s.State == "success") ? GitHubStanding.Done : GitHubStanding.CalledOff,
                _ => GitHubStanding.Underway,
            },
            state,
            description,
            url);
    }
}

/// <summary>A run of the workflow.</summary>
/// <param name="Status"><c>queued</c>, <c>waiting</c>, <c>in_progress</c>, <c>completed</c> and others.</param>
/// <param name="Conclusion">How it ended; empty before.</param>
/// <param name="Url">Where it is to be seen.</param>
internal sealed record GitHubRun(string Status, string Conclusion, string Url)
{
    /// <summary>Finds the run of an action in a list as the API writes it, by its title.</summary>
    public static IReadOnlyList<GitHubRun> Of(Guid action, JsonElement answer) =>
    [
        .. answer.GetProperty("workflow_runs").EnumerateArray()
            .Where(r => r.Text("display_title")?.Contains(action.ToString("D"), StringComparison.OrdinalIgnoreCase) == true)
            .Select(r => new GitHubRun(r.Text("status") ?? "", r.Text("conclusion") ?? "", r.Text("html_url") ?? "")),
    ];
}
