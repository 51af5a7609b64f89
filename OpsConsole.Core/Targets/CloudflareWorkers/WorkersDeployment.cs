using System.Text.Json;
using OpsConsole.Core.Remote;

namespace OpsConsole.Core.Targets.CloudflareWorkers;

/// <summary>What a Worker serves: one version, or two by percentage.</summary>
/// <param name="Shares">Percentage of each version, by the version's id.</param>
/// <param name="Message">The note that whoever deployed it left.</param>
internal sealed record WorkersDeployment(IReadOnlyDictionary<string, double> Shares, string? Message)
{
    private const string HaltedMark = "halted";

    /// <summary>True where the console halted it, and nobody deployed since.</summary>
    public bool IsHalted => Note?.More == HaltedMark;

    /// <summary>The console's action that it came from; null where somebody else deployed it.</summary>
    public Guid? ActionId => Note?.Action;

    private ActionNote? Note => ActionNote.Read(Message);

    /// <summary>The message of a deployment of the console: far shorter than the 100 characters that the API takes.</summary>
    public static string MessageOf(Guid action, bool halted) => new ActionNote(action, halted ? HaltedMark : "").ToString();

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
    public static string? Annotation(JsonElement of, string name) => of.Part("annotations").Text(name);
}
