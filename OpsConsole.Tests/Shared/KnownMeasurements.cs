using OpsConsole.Core.Signals;

namespace OpsConsole.Tests.Shared;

/// <summary>A signal directory that says what a test wants.</summary>
public sealed class KnownMeasurements : ISignalDirectory
{
    public IReadOnlyCollection<string> Names { get; set; } = [];

    /// <summary>Null: not known.</summary>
    public IReadOnlyCollection<string>? Now { get; set; }

    public IReadOnlyCollection<string> Provided(string service, string? target, string? environment) => Names;

    public IReadOnlyCollection<string>? Measured(string service, string target, string environment) => Now;
}
