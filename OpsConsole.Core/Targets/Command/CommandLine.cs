using System.Globalization;
using System.Text.RegularExpressions;
using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Targets.Command;

/// <summary>The arguments of a program, with places for what is asked. Split before the places are filled, so that a value is always part of one argument and never a second one.</summary>
internal sealed partial class CommandLine
{
    private const string Service = "service", Environment = "environment", Version = "version", Action = "action", Previous = "previous", Share = "share", Halted = "halted";

    /// <summary>What a reading is asked with.</summary>
    private static readonly string[] OfState = [Service, Environment, Version];

    /// <summary>What a change is asked with.</summary>
    private static readonly string[] OfChange = [.. OfState, Action, Previous, Share, Halted];

    private readonly string[] _parts;

    /// <param name="written">Arguments with spaces between them, <c>deploy {service} --version={version}</c>.</param>
    public CommandLine(string written) => _parts = written.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Places that a change has nothing for.</summary>
    public static IEnumerable<string> UnknownInChange(string written) => Unknown(written, OfChange);

    /// <summary>Places that a reading has nothing for.</summary>
    public static IEnumerable<string> UnknownInState(string written) => Unknown(written, OfState);

    /// <summary>The arguments for a change.</summary>
    /// <param name="change">What is asked.</param>
    /// <param name="service">What the service is called there.</param>
    public IReadOnlyList<string> For(TargetChange change, string service) => Fill(new()
    {
        [Service] = service,
        [Environment] = change.Environment,
        [Version] = change.Version,
        [Action] = change.ActionId.ToString("D"),
        [Previous] = change.PreviousVersion ?? "",
        [Share] = change.ExposurePercent.ToString("0.##", CultureInfo.InvariantCulture),
        [Halted] = change.Halted ? "true" : "false",
    });

    /// <summary>The arguments for a reading.</summary>
    public IReadOnlyList<string> For(string service, string environment, string version) => Fill(new() { [Service] = service, [Environment] = environment, [Version] = version });

    /// <summary>In one go, so that what a value holds is not taken for a place.</summary>
    private string[] Fill(Dictionary<string, string> values) => [.. _parts.Select(part => Place().Replace(part, match => values[match.Groups[1].Value]))];

    private static IEnumerable<string> Unknown(string written, string[] known) =>
        Place().Matches(written).Select(m => m.Groups[1].Value).Where(name => !known.Contains(name, StringComparer.Ordinal)).Distinct();

    [GeneratedRegex(@"\{([^{}\s]*)\}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Place();
}
