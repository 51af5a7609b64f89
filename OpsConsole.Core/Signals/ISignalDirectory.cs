namespace OpsConsole.Core.Signals;

/// <summary>Which signals there are for a service, wherever they come from.</summary>
public interface ISignalDirectory
{
    /// <summary>Names of the signals that sources provide, that releases on the board have, or that were pushed lately.</summary>
    /// <param name="service">Of the service.</param>
    /// <param name="target">Null: on any target.</param>
    /// <param name="environment">Null: in any environment.</param>
    IReadOnlyCollection<string> Provided(string service, string? target, string? environment);

    /// <summary>Names of the signals that are measured: a source is there that reads them, they were pushed lately, or the board has values of them. Null when that is not known.</summary>
    /// <param name="service">Of the service.</param>
    /// <param name="target">Its target.</param>
    /// <param name="environment">Its environment.</param>
    IReadOnlyCollection<string>? Measured(string service, string target, string environment) => null;

    /// <summary>Names of the signals that a source tells over windows of its own (<see cref="SourceBinding.IsSnapshot"/>), each with the source's key. None where nothing is known of it.</summary>
    /// <param name="service">Of the service.</param>
    /// <param name="target">Its target.</param>
    /// <param name="environment">Its environment.</param>
    IReadOnlyDictionary<string, string> Snapshots(string service, string target, string environment) => System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Whether the service has an objective, whose error budget can burn; null when that is not known.</summary>
    bool? HasObjective(string service, string? environment) => null;
}
