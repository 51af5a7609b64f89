using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace OpsConsole.Tests.Shared;

/// <summary>The console's assemblies compiled ahead of time, for consoles that live for seconds: most of what a start costs is the compiling. Made once for a build of the tests; the code is the same.</summary>
internal static class ConsoleImage
{
    private const string Tests = "OpsConsole.Tests";
    private const string Web = "OpsConsole.Web";

    private static readonly string Built = AppContext.BaseDirectory;

    private static readonly string Folder = Path.Combine(Built, "console-image");

    /// <summary>What a start and the first pages run. The tests' own assembly is large and hardly any of it is.</summary>
    private static readonly string[] Compiled =
    [
        "Microsoft.EntityFrameworkCore", "Microsoft.EntityFrameworkCore.Relational", "Npgsql", "Npgsql.EntityFrameworkCore.PostgreSQL", "Quartz", "OpenTelemetry", "OpsConsole.Core", Web,
    ];

    private static readonly Lazy<Task<bool>> Made = new(MakeAsync);

    /// <summary>The tests' assembly, with everything that a console of its own needs: compiled where the compiler is there, else as it was built.</summary>
    public static async Task<string> TestsAsync() => Path.Combine(await Made.Value ? Folder : Built, Tests + ".dll");

    /// <summary>The console as people run it: compiled where the compiler is there, else as it was built.</summary>
    public static async Task<string> WebAsync() =>
        Path.Combine(await Made.Value ? Folder : Path.Combine(Repository.Root, Web, "bin", new DirectoryInfo(Built).Parent!.Name, "net10.0"), Web + ".dll");

    private static async Task<bool> MakeAsync()
    {
        var compiler = typeof(ConsoleImage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => a.Key == "Crossgen2")?.Value;
        if (!File.Exists(compiler))
        {
            return false;
        }

        Directory.CreateDirectory(Folder);
        foreach (var file in Directory.EnumerateFiles(Built, "*.dll").Select(f => Path.GetFileNameWithoutExtension(f)).Except([Tests, .. Compiled]))
        {
            Link(file + ".dll");
        }

        foreach (var beside in (string[])[Tests + ".runtimeconfig.json", .. Directory.EnumerateFiles(Built, Web + ".*.json").Select(f => Path.GetFileName(f)), "runtimes"])
        {
            Link(beside);
        }

        // Not a link: the runtime looks for the others where this one really is.
        await PutAsync(Tests + ".dll", static (from, to) =>
        {
            File.Copy(from, to);
            return Task.CompletedTask;
        });
        await Parallel.ForEachAsync(Compiled, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (name, _) => await PutAsync(name + ".dll", (from, to) => CompileAsync(compiler, from, to)));
        return true;
    }

    private static void Link(string name)
    {
        var link = Path.Combine(Folder, name);
        if (!Path.Exists(link))
        {
            File.Delete(link);
            File.CreateSymbolicLink(link, Path.Combine("..", name));
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

    private static async Task CompileAsync(string compiler, string from, string to)
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
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{from} could not be compiled ahead of time:\n{string.Concat(said)}");
    }
}
