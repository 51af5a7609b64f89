using OpsConsole.Core.Signals;

namespace OpsConsole.Web.Jobs;

/// <summary>Sources as configured, section <c>OpsConsole:Sources</c>: one entry for each, named by its key.</summary>
public sealed class SourceOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "OpsConsole:Sources";

    /// <summary>The sources of the configuration that are sound, read from the start.</summary>
    public IReadOnlyList<SourceBinding> Bindings { get; set; } = [];

    /// <summary>The sources of the catalogue that are in force. Another list takes the place of this one when that changes.</summary>
    public IReadOnlyList<SourceBinding> FromCatalog { get; set; } = [];

    /// <summary>Every source that is in force now.</summary>
    public IEnumerable<SourceBinding> All => Bindings.Concat(FromCatalog);

    /// <summary>Everything that is wrong with the section, one sentence each.</summary>
    public IReadOnlyList<string> Faults { get; set; } = [];
}
