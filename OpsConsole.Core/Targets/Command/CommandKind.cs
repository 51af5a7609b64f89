using OpsConsole.Core.Connections;

namespace OpsConsole.Core.Targets.Command;

/// <summary>Any system that a program of this machine can control.</summary>
public static class CommandKind
{
    /// <summary>As the configuration names it.</summary>
    public const string KindName = "command";

    internal const string Program = "Program", Change = "Change", State = "State", Token = "Token", Home = "Home";

    /// <summary>How it is configured and made.</summary>
    /// <param name="allowed">Absolute paths of the programs that may be run, all others may not.</param>
    public static DeliveryTargetKind Allowing(IReadOnlyCollection<string> allowed) => new(
        KindName,
        [
            new(Program, "Absolute path of the program, one of those in OpsConsole:Commands:Allow."),
            new(Change, "Its arguments for a change, with {action}, {service}, {environment}, {version}, {previous}, {share} and {halted}."),
            new(State, "Its arguments for telling the state, with {service}, {environment} and {version}."),
            new(Token, "A credential that the program finds in OPSCONSOLE_TOKEN.", SettingForm.Secret, IsRequired: false),
            new(Home, "Absolute path of the folder that the program finds in HOME.", IsRequired: false),
            .. DeclaredCapabilities.Settings(KindName),
        ],
        static (settings, connections) => new CommandAdapter(settings, connections))
    {
        Faults = settings => Faults(settings, allowed),
    };

    /// <summary>Everything that the program's environment has: nothing of the console's own.</summary>
    internal static IReadOnlyDictionary<string, string> Environment(TargetSettings settings)
    {
        var environment = OperatingSystem.IsWindows()
            ? new Dictionary<string, string> { ["PATH"] = System.Environment.SystemDirectory, ["SystemRoot"] = System.Environment.GetFolderPath(System.Environment.SpecialFolder.Windows) }
            : new Dictionary<string, string> { ["PATH"] = "/usr/local/bin:/usr/bin:/bin", ["LC_ALL"] = "C.UTF-8" };
        if (settings[Token].Length > 0)
        {
            environment["OPSCONSOLE_TOKEN"] = settings[Token];
        }

        if (settings[Home].Length > 0)
        {
            environment["HOME"] = settings[Home];
        }

        return environment;
    }

    private static IEnumerable<string> Faults(TargetSettings settings, IReadOnlyCollection<string> allowed)
    {
        if (CommandProgram.Fault(settings[Program], allowed) is { } fault)
        {
            yield return fault;
        }

        foreach (var unknown in CommandLine.UnknownInChange(settings[Change]))
        {
            yield return $"{Change} has {{{unknown}}}, which a change does not have.";
        }

        foreach (var unknown in CommandLine.UnknownInState(settings[State]))
        {
            yield return $"{State} has {{{unknown}}}, which a reading does not have.";
        }

        foreach (var wrong in DeclaredCapabilities.Faults(settings))
        {
            yield return wrong;
        }
    }
}
