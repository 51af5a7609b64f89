using OpsConsole.Core.Signals;

namespace OpsConsole.Web.Jobs;

/// <summary>Sources as configured, section <c>OpsConsole:Sources</c>: one entry for each, named by its key.</summary>
public sealed class SourceOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "OpsConsole:Sources";

    /// <summary>The sources to read from the start.</summary>
    public IReadOnlyList<SourceBinding> Bindings { get; set; } = [];

    /// <summary>Everything that is wrong with the section, one sentence each.</summary>
    public IReadOnlyList<string> Faults { get; set; } = [];
}
