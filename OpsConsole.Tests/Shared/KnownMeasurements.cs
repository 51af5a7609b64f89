using OpsConsole.Core.Signals;

namespace OpsConsole.Tests.Shared;

/// <summary>A signal directory that says what a test wants.</summary>
public sealed class KnownMeasurements : ISignalDirectory
{
    public IReadOnlyCollection<string> Names { get; set; } = [];

    /// <summary>Null: not known.</summary>
    public IReadOnlyCollection<string>? Now { get; set; }

    /// <summary>Signals that a source tells over windows of its own, with the source.</summary>
    public Dictionary<string, string> Windowed { get; } = [];

    public IReadOnlyDictionary<string, string> Snapshots(string service, string target, string environment) => Windowed;

    public IReadOnlyCollection<string> Provided(string service, string? target, string? environment) => Names;

    public IReadOnlyCollection<string>? Measured(string service, string target, string environment) => Now;
}
