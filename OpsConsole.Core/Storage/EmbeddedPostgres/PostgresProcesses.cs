using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace OpsConsole.Core.Storage.EmbeddedPostgres;

/// <summary>Which running processes belong to a cluster. PostgreSQL's processes all work in the cluster's folder, which tells them from another process that has been given an old number.</summary>
internal static class PostgresProcesses
{
    /// <summary>Number of the postmaster that the cluster's own file names, alive or not; null where there is no file.</summary>
    public static int? Recorded(string cluster)
    {
        try
        {
            var first = File.ReadLines(PidFile(cluster)).FirstOrDefault();
            return int.TryParse(first, CultureInfo.InvariantCulture, out var pid) && pid > 1 ? pid : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    public static string PidFile(string cluster) => Path.Combine(cluster, "postmaster.pid");

    /// <summary>True when the process runs and belongs to the cluster.</summary>
    public static bool IsRunning(int pid, string cluster) => OperatingSystem.IsLinux() ? WorksIn(pid, cluster) : IsPostgres(pid);

    /// <summary>Numbers of all processes of the cluster that are left; nothing on a system that does not tell.</summary>
    public static IReadOnlyList<int> Of(string cluster) => !OperatingSystem.IsLinux()
        ? []
        : [.. Directory.EnumerateDirectories("/proc")
            .Select(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 1 && WorksIn(pid, cluster))];

    private static bool WorksIn(int pid, string cluster)
    {
        try
        {
            // Nothing is found for a process that has ended and was not yet buried.
            return new FileInfo($"/proc/{pid}/cwd").LinkTarget == Path.GetFullPath(cluster);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsPostgres(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited && process.ProcessName.StartsWith("postgres", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return false;
        }
    }
}
