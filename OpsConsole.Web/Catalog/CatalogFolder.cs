using System.Text;
using Microsoft.Extensions.Options;
using OpsConsole.Core.Catalog;
using OpsConsole.Web.Startup;

namespace OpsConsole.Web.Catalog;

/// <summary>What is in the folder now.</summary>
/// <param name="Files">Its files, by name.</param>
/// <param name="Faults">Files that are none of the catalogue's, or cannot be read.</param>
/// <param name="Missing">Why nothing is known of the folder, as a sentence; null where it was read.</param>
internal sealed record CatalogFiles(IReadOnlyList<CatalogFile> Files, IReadOnlyList<CatalogFault> Faults, string? Missing);

/// <summary>The folder with the files of the catalogue.</summary>
internal sealed class CatalogFolder(IOptions<CatalogOptions> options, IConfiguration configuration, IHostEnvironment environment)
{
    /// <summary>Most files, and most bytes of one and of all of them.</summary>
    public const int MostFiles = 500, MostBytes = 256 * 1024, MostOfAll = 16 * 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Where it is, absolute.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(string.IsNullOrWhiteSpace(options.Value.Folder) ? "catalog" : options.Value.Folder, ConsoleOptions.DataPath(configuration, environment));

    /// <summary>Reads every file of the folder, without what lies in folders below it and what begins with a dot. Never throws for what is in it.</summary>
    public async Task<CatalogFiles> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!Directory.Exists(Path))
            {
                return new([], [], $"There is no folder {Path}.");
            }

            var names = Directory.EnumerateFiles(Path).Select(f => System.IO.Path.GetFileName(f)).Where(IsMeant).Take(MostFiles + 1).Order(StringComparer.Ordinal).ToList();
            if (names.Count > MostFiles)
            {
                return new([], [], $"The folder {Path} has more than {MostFiles} files.");
            }

            var (files, faults, bytes) = (new List<CatalogFile>(), new List<CatalogFault>(), 0L);
            foreach (var name in names)
            {
                var (text, length, fault) = await ReadAsync(name, cancellationToken);
                bytes += length;
                if (bytes > MostOfAll)
                {
                    return new([], [], $"The files of {Path} have more than {MostOfAll / 1024 / 1024} MB together.");
                }

                if (fault is null)
                {
                    files.Add(new(name, text));
                }
                else
                {
                    faults.Add(new(name, 0, 0, fault, Renamed(name)));
                }
            }

            return new(files, faults, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new([], [], $"The folder {Path} cannot be read: {e.Message}");
        }
    }

    /// <summary>Writes the file of a service that has none yet, all of it or nothing. The answer is why not, as a sentence; null where it is there.</summary>
    public async Task<string?> AddAsync(CatalogFile file, CancellationToken cancellationToken)
    {
        var whole = System.IO.Path.Combine(Path, file.Name);
        var beside = System.IO.Path.Combine(Path, $".{file.Name}.{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(Path);
            if (File.Exists(whole))
            {
                return $"There is a file {file.Name} already; change that one, or choose another name.";
            }

            await using (var stream = new FileStream(beside, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                await stream.WriteAsync(Strict.GetBytes(file.Text), cancellationToken);
                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, whole, overwrite: false);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"The file cannot be written to {Path}: {e.Message} Put it there by the way that its files come.";
        }
        finally
        {
            TryDelete(beside);
        }
    }

    private static bool IsMeant(string name) => name[0] != '.' && (name.EndsWith(CatalogFile.Ending, StringComparison.OrdinalIgnoreCase) || name.EndsWith(".yml", StringComparison.OrdinalIgnoreCase));

    /// <summary>What to call a file whose name is wrong; null where that is right, or there is no name in it.</summary>
    private static string? Renamed(string name)
    {
        var right = CatalogFile.NameOf(System.IO.Path.GetFileNameWithoutExtension(name).ToLowerInvariant());
        return right != name && CatalogName.IsValid(right[..^CatalogFile.Ending.Length]) ? $"Call it {right}." : null;
    }

    private async Task<(string Text, long Length, string? Fault)> ReadAsync(string name, CancellationToken cancellationToken)
    {
        if (!name.EndsWith(CatalogFile.Ending, StringComparison.Ordinal) || !CatalogName.IsValid(name[..^CatalogFile.Ending.Length]))
        {
            return ("", 0, $"The file of a service is called as the service is, with {CatalogFile.Ending} at its end, all of it in lower case; this one is not read.");
        }

        try
        {
            await using var stream = new FileStream(System.IO.Path.Combine(Path, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[MostBytes + 1];
            var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
            return length > MostBytes ? ("", length, $"A file of the catalogue has at most {MostBytes / 1024} kB; this one is longer.") : (Strict.GetString(bytes.AsSpan(0, length)), length, null);
        }
        catch (DecoderFallbackException)
        {
            return ("", 0, "The file is not UTF-8.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ("", 0, $"The file cannot be read: {e.Message}");
        }
    }

    private static void TryDelete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It begins with a dot, so nothing is made of it.
        }
    }
}
