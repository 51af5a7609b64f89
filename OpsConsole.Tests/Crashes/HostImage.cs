using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace OpsConsole.Tests.Crashes;

/// <summary>The console's assemblies compiled ahead of time, for a console that is started hundreds of times: most of what a start costs is the compiling. Made once for a build of the tests; the code is the same.</summary>
internal static class HostImage
{
    private const string Tests = "OpsConsole.Tests";

    private static readonly string Built = AppContext.BaseDirectory;

    private static readonly string Folder = Path.Combine(Built, "crash-host");

    /// <summary>What a start runs. The tests' own assembly is large and hardly any of it is.</summary>
    private static readonly string[] Compiled =
    [
        "Microsoft.EntityFrameworkCore", "Microsoft.EntityFrameworkCore.Relational", "Npgsql", "Npgsql.EntityFrameworkCore.PostgreSQL", "Quartz", "OpsConsole.Core", "OpsConsole.Web",
    ];

    /// <summary>The assembly to run: compiled where the compiler is there, else as it was built.</summary>
    public static async Task<string> MakeAsync(CancellationToken cancellationToken)
    {
        var compiler = typeof(HostImage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => a.Key == "Crossgen2")?.Value;
        if (!File.Exists(compiler))
        {
            return Path.Combine(Built, Tests + ".dll");
        }

        Directory.CreateDirectory(Folder);
        foreach (var file in Directory.EnumerateFiles(Built, "*.dll").Select(Path.GetFileNameWithoutExtension).Except([Tests, .. Compiled]))
        {
            Link(file + ".dll");
        }

        Link(Tests + ".runtimeconfig.json");

        // Not a link: the runtime looks for the others where this one really is.
        await PutAsync(Tests + ".dll", static (from, to) =>
        {
            File.Copy(from, to);
            return Task.CompletedTask;
        });
        await Parallel.ForEachAsync(
            Compiled, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellationToken }, async (name, token) => await PutAsync(name + ".dll", (from, to) => CompileAsync(compiler, from, to, token)));
        return Path.Combine(Folder, Tests + ".dll");
    }

    private static void Link(string file)
    {
        var link = Path.Combine(Folder, file);
        if (!File.Exists(link))
        {
            File.Delete(link);
            File.CreateSymbolicLink(link, Path.Combine("..", file));
        }
    }

    /// <summary>Makes a file of what was built, unless it was made of just that before; under another name until it is whole.</summary>
    private static async Task PutAsync(string file, Func<string, string, Task> make)
    {
        var (from, to) = (Path.Combine(Built, file), Path.Combine(Folder, file));
        var of = File.GetLastWriteTimeUtc(from);
        if (File.Exists(to) && File.GetLastWriteTimeUtc(to) == of)
        {
            return;
        }

        var making = $"{to}.{Environment.ProcessId}";
        await make(from, making);
        File.SetLastWriteTimeUtc(making, of);
        File.Move(making, to, overwrite: true);
    }

    private static async Task CompileAsync(string compiler, string from, string to, CancellationToken cancellationToken)
    {
        var runtime = RuntimeEnvironment.GetRuntimeDirectory();
        var web = Path.GetDirectoryName(typeof(Microsoft.AspNetCore.Builder.WebApplication).Assembly.Location)!;
        using var process = Process.Start(new ProcessStartInfo(
            compiler,
            [from, "-o", to, "-r", Path.Combine(Built, "*.dll"), "-r", Path.Combine(runtime, "*.dll"), "-r", Path.Combine(web, "*.dll"), "--targetos:linux", "--targetarch:x64", "-O"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
        await process.WaitForExitAsync(cancellationToken);
        Assert.True(process.ExitCode == 0, $"{from} could not be compiled ahead of time:\n{string.Concat(said)}");
    }
}
