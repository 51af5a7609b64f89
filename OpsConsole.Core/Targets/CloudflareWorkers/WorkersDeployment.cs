using System.Text.Json;

namespace OpsConsole.Core.Targets.CloudflareWorkers;

/// <summary>What a Worker serves: one version, or two by percentage.</summary>
/// <param name="Shares">Percentage of each version, by the version's id.</param>
/// <param name="Message">The note that whoever deployed it left.</param>
internal sealed record WorkersDeployment(IReadOnlyDictionary<string, double> Shares, string? Message)
{
    /// <summary>Longest note that is taken, in characters.</summary>
    public const int MaxMessage = 100;

    private const string Mark = "OpsConsole ";
    private const string HaltedMark = " halted";

    /// <summary>True where the console halted it, and nobody deployed since.</summary>
    public bool IsHalted => ActionId is not null && Message!.EndsWith(HaltedMark, StringComparison.Ordinal);

    /// <summary>The console's action that it came from; null where somebody else deployed it.</summary>
    public Guid? ActionId => Message?.StartsWith(Mark, StringComparison.Ordinal) == true && Guid.TryParse(Message.AsSpan(Mark.Length).ToString().Split(' ')[0], out var id) ? id : null;

    /// <summary>The note by which a deployment of the console is known again.</summary>
    public static string Note(Guid action, bool halted) => $"{Mark}{action:D}{(halted ? HaltedMark : "")}";

    /// <summary>The newest of a list of deployments, as the API writes it; null where it is no such list.</summary>
    public static WorkersDeployment? Newest(JsonElement answer)
    {
        var deployments = answer.GetProperty("result").GetProperty("deployments");
        if (deployments.GetArrayLength() == 0)
        {
            return new WorkersDeployment(new Dictionary<string, double>(), null);
        }

        var newest = deployments[0];
        var shares = newest.GetProperty("versions").EnumerateArray().ToDictionary(v => v.GetProperty("version_id").GetString()!, v => v.GetProperty("percentage").GetDouble(), StringComparer.Ordinal);
        return shares.Values.Any(static share => share is not (>= 0 and <= 100)) ? null : new WorkersDeployment(shares, Annotation(newest, "workers/message"));
    }

    /// <summary>The note of a version or a deployment under a name.</summary>
    public static string? Annotation(JsonElement of, string name) =>
        of.TryGetProperty("annotations", out var notes) && notes.ValueKind == JsonValueKind.Object && notes.TryGetProperty(name, out var note) && note.ValueKind == JsonValueKind.String ? note.GetString() : null;
}
