namespace OpsConsole.Core.Targets.Command;

/// <summary>Which programs may be run at all.</summary>
internal static class CommandProgram
{
    /// <summary>Programs whose arguments are programs themselves.</summary>
    private static readonly HashSet<string> Interpreters = new(StringComparer.OrdinalIgnoreCase)
    {
        "sh", "bash", "dash", "zsh", "ksh", "mksh", "ash", "fish", "csh", "tcsh", "busybox", "cmd", "powershell", "pwsh",
        "env", "xargs", "sudo", "su", "nohup", "timeout", "python", "perl", "ruby", "node", "deno", "bun", "php", "lua", "tclsh", "awk", "gawk", "mawk", "make", "ssh",
    };

    /// <summary>Why it may not be run, beginning with the setting; null where it may.</summary>
    /// <param name="path">As configured.</param>
    /// <param name="allowed">Every program that may be.</param>
    public static string? Fault(string path, IReadOnlyCollection<string> allowed)
    {
        if (!Path.IsPathFullyQualified(path) || Path.GetFullPath(path) != path)
        {
            return $"{CommandKind.Program} is not a whole path without . and .. in it.";
        }

        if (!allowed.Contains(path, StringComparer.Ordinal))
        {
            return $"{CommandKind.Program} is not among the programs of OpsConsole:Commands:Allow.";
        }

        if (IsInterpreter(path) || (new FileInfo(path) is { Exists: true } link && link.ResolveLinkTarget(returnFinalTarget: true) is { } file && IsInterpreter(file.FullName)))
        {
            return $"{CommandKind.Program} is a shell, an interpreter or a program that runs others, so its arguments would be programs: name a program or script that does one thing.";
        }

        return File.Exists(path) ? OperatingSystem.IsWindows() ? null : UnixFault(path) : $"{CommandKind.Program} is not there.";
    }

    private static string? UnixFault(string path)
    {
        var mode = File.GetUnixFileMode(path);
        return (mode & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) == 0 ? $"{CommandKind.Program} cannot be executed: its mode lacks it."
            : mode.HasFlag(UnixFileMode.OtherWrite) || (new DirectoryInfo(Path.GetDirectoryName(path)!).UnixFileMode & (UnixFileMode.OtherWrite | UnixFileMode.StickyBit)) == UnixFileMode.OtherWrite
                ? $"{CommandKind.Program} can be replaced by anyone on this machine: take the right to write from others, for it and its folder."
                : null;
    }

    /// <summary>Versions in the name (<c>python3.12</c>) make no difference.</summary>
    private static bool IsInterpreter(string path)
    {
        var name = Path.GetFileName(path);
        var plain = name.EndsWith(".exe", StringComparison.OrdinalIgnoreCase) ? name[..^4] : name;
        return Interpreters.Contains(plain.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.', '-'));
    }
}
