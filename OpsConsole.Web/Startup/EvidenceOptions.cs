using Microsoft.Extensions.Options;
using OpsConsole.Core.Gates.Evidence.Signatures;

namespace OpsConsole.Web.Startup;

/// <summary>Keys that signatures of evidence are verified with, section <c>OpsConsole:Evidence</c>: <c>Keys:&lt;name&gt;</c> is a public key in PEM, or the path of a file with one.</summary>
public sealed class EvidenceOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "OpsConsole:Evidence";

    public IReadOnlyList<EvidenceKey> Keys { get; private set; } = [];

    /// <summary>Everything that is wrong with the section, one sentence each.</summary>
    public IReadOnlyList<string> Faults { get; private set; } = [];

    /// <summary>Reads the section, noting every fault instead of stopping at the first.</summary>
    /// <param name="section">As configured.</param>
    /// <param name="root">Where relative paths start.</param>
    public void Read(IConfigurationSection section, string root)
    {
        ArgumentNullException.ThrowIfNull(section);
        var keys = new List<EvidenceKey>();
        var faults = new List<string>();
        faults.AddRange(section.GetChildren().Where(c => !c.Key.Equals(nameof(Keys), StringComparison.OrdinalIgnoreCase)).Select(c => $"{c.Path} is not a setting; known is {nameof(Keys)}."));
        foreach (var entry in section.GetSection(nameof(Keys)).GetChildren())
        {
            try
            {
                var text = entry.Value ?? "";
                keys.Add(EvidenceKey.Read(entry.Key, text.Contains("-----BEGIN", StringComparison.Ordinal) ? text : File.ReadAllText(Path.Combine(root, text))));
            }
            catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException or ArgumentException)
            {
                faults.Add($"{entry.Path}: {(e is FormatException ? e.Message : "is neither a public key in PEM nor a file that can be read.")}");
            }
        }

        (Keys, Faults) = (keys, faults);
    }
}

/// <summary>Stops a console whose keys are configured wrongly, naming every fault at once: without its keys it would only say "not verified".</summary>
internal sealed class EvidenceOptionsCheck : IValidateOptions<EvidenceOptions>
{
    public ValidateOptionsResult Validate(string? name, EvidenceOptions options) =>
        options.Faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(options.Faults);
}
