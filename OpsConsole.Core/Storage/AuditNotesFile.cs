using System.Text;
using System.Text.Json;
using OpsConsole.Core.Audit;

namespace OpsConsole.Core.Storage;

/// <summary>Notes of the chain's end as a file in the data folder: one JSON line each, only ever added to.</summary>
public sealed class AuditNotesFile(string folder, TimeProvider time) : IAuditNotes, IDisposable
{
    /// <summary>Longest time that the disk is waited for.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly SemaphoreSlim _one = new(1);

    /// <summary>Where the notes are.</summary>
    public string FilePath { get; } = Path.Combine(folder, "chain.notes");

    /// <inheritdoc/>
    public Task<IReadOnlyList<AuditNote>> ReadAsync(CancellationToken cancellationToken) => AloneAsync(Read, cancellationToken);

    /// <inheritdoc/>
    public Task AddAsync(AuditNote note, CancellationToken cancellationToken) => AloneAsync(() => Add(note), cancellationToken);

    public void Dispose() => _one.Dispose();

    private async Task<T> AloneAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        var running = Task.Run(work, CancellationToken.None);

        // A disk that hangs keeps its turn until it answers; whoever asked is let go.
        _ = running.ContinueWith(_ => _one.Release(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return await running.WaitAsync(Limit, time, cancellationToken).ConfigureAwait(false);
    }

    private IReadOnlyList<AuditNote> Read()
    {
        if (!File.Exists(FilePath))
        {
            return [];
        }

        var text = File.ReadAllText(FilePath, Encoding.UTF8);
        var lines = text.Split('\n');
        List<AuditNote> notes = [];

        // What stands after the last line end was cut off by a crash: it was never a note.
        for (var i = 0; i < lines.Length - 1; i++)
        {
            notes.Add(Parse(lines[i]) ?? throw new InvalidDataException($"line {i + 1} of {FilePath} is none of its own."));
        }

        return notes;
    }

    private static AuditNote? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<AuditNote>(line, Json) is { Sequence: > 0, Hash.Length: 64 } note ? note : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private bool Add(AuditNote note)
    {
        Directory.CreateDirectory(folder);
        using var file = new FileStream(FilePath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        Cut(file);
        file.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(note, Json) + "\n"));
        file.Flush(flushToDisk: true);
        return true;
    }

    /// <summary>Goes to the end of the last whole line, so that a note after a crash does not hang on half a one.</summary>
    private static void Cut(FileStream file)
    {
        for (file.Seek(0, SeekOrigin.End); file.Position > 0; file.Seek(-1, SeekOrigin.Current))
        {
            file.Seek(-1, SeekOrigin.Current);
            if (file.ReadByte() == '\n')
            {
                break;
            }
        }

        file.SetLength(file.Position);
    }
}
