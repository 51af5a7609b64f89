namespace OpsConsole.Core.Policies.Text;

/// <summary>What a text in YAML is, for the sentences about it.</summary>
/// <param name="One">At the head of a sentence: "A policy".</param>
/// <param name="Many">In the middle of one: "policies".</param>
internal sealed record YamlSubject(string One, string Many)
{
    public static readonly YamlSubject Policy = new("A policy", "policies");
}
