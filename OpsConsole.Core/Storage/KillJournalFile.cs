using System.Text;
using Microsoft.Extensions.Logging;
using OpsConsole.Core.Actions.Kill;

namespace OpsConsole.Core.Storage;

/// <summary>The journal of kills as a file in the data folder: one JSON line each with a checksum, on disk before anyone is answered.</summary>
/// <remarks>The file is emptied when it was read and all that it holds is on record, and otherwise only grows: what was written before is never touched again, so that a crash at any moment loses nothing that was answered. A line that is on record already is found there by its action and not written twice. Damaged lines whose switch cannot be read stay in it until a person takes them out.</remarks>
public sealed class KillJournalFile(string folder, TimeProvider time, ILogger<KillJournalFile> log) : IKillJournal, IDisposable
{
    /// <summary>Longest time that a write to the disk is waited for.</summary>
    public static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(3);

    /// <summary>Most kills that are kept: with more waiting, something other than people kills switches.</summary>
    public const int MaxWaiting = 10_000;

    private const int Kept = 1;
    private const int GivenUp = 2;

    private readonly SemaphoreSlim _writing = new(1);
    private readonly Lock _changing = new();
    private readonly HashSet<Guid> _dropped = [];
    private List<JournalledKill> _waiting = [];
    private IReadOnlyList<DamagedKill> _damaged = [];
    private IReadOnlyList<string> _staying = [];
    private Task? _opening;
    private volatile bool _read;
    private TaskCompletionSource _some = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Where the journal is.</summary>
    public string FilePath { get; } = Path.Combine(folder, "kills.journal");

    /// <summary>Where lines that cannot be read are kept.</summary>
    public string DamagedPath => FilePath + ".damaged";

    /// <inheritdoc/>
    public IReadOnlyList<JournalledKill> Waiting
    {
        get
        {
            lock (_changing)
            {
                return _waiting;
            }
        }
    }

    /// <inheritdoc/>
    public bool IsRead => _read;

    /// <inheritdoc/>
    public IReadOnlyList<DamagedKill> Damaged => Volatile.Read(ref _damaged);

    /// <summary>Reads the whole file.</summary>
    internal Func<FileStream, string> ReadThrough { get; init; } = static file =>
    {
        using var reader = new StreamReader(file, new UTF8Encoding(false), detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        return reader.ReadToEnd();
    };

    /// <summary>Writes a line and waits until it is on disk.</summary>
    internal Action<FileStream, ReadOnlyMemory<byte>> WriteThrough { get; init; } = static (file, line) =>
    {
        file.Write(line.Span);
        file.Flush(flushToDisk: true);
    };

    /// <inheritdoc/>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        if (_read)
        {
            return;
        }

        try
        {
            // One that hangs is not begun anew, but looked at again.
            if (_opening is not { IsCompleted: false })
            {
                _opening = Alone(Open);
            }

            await WithinAsync(_opening, cancellationToken).ConfigureAwait(false);
        }
        catch (JournalUnavailableException e)
        {
            log.LogError(e, "The journal of kills {Path} cannot be read or written: what it holds is not in force yet, and kills may be refused while the database is away. It is tried again; make it readable and writable for the console.", FilePath);
        }
    }

    /// <inheritdoc/>
    public async Task KeepAsync(JournalledKill kill, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(kill);
        if (Waiting.Count >= MaxWaiting)
        {
            throw new JournalUnavailableException($"{MaxWaiting:N0} kills wait in {FilePath} already.");
        }

        var line = Encoding.UTF8.GetBytes(KillJournalLine.Write(kill));
        var decided = 0;
        try
        {
            await WithinAsync(Alone(() => Append(line, kill, () => Interlocked.CompareExchange(ref decided, Kept, 0) == 0)), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is JournalUnavailableException or OperationCanceledException)
        {
            // Whoever asked is told that it was not kept, unless it just was: then it is not kept when the disk does answer.
            if (Interlocked.CompareExchange(ref decided, GivenUp, 0) != Kept)
            {
                throw;
            }
        }
    }

    /// <inheritdoc/>
    public async Task DropAsync(Guid id, CancellationToken cancellationToken)
    {
        bool last;
        lock (_changing)
        {
            _waiting = [.. _waiting.Where(k => k.Id != id)];
            if (!_read)
            {
                _dropped.Add(id);
            }

            last = _waiting.Count == 0;
            if (last && _some.Task.IsCompleted)
            {
                _some = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        if (!last)
        {
            return;
        }

        try
        {
            await WithinAsync(Alone(Empty), cancellationToken).ConfigureAwait(false);
        }
        catch (JournalUnavailableException e)
        {
            log.LogWarning(e, "The journal of kills {Path} could not be emptied; what it holds is on record and is passed over at the next start.", FilePath);
        }
    }

    /// <inheritdoc/>
    public Task WaitAsync(CancellationToken cancellationToken)
    {
        lock (_changing)
        {
            return _some.Task.WaitAsync(cancellationToken);
        }
    }

    public void Dispose() => _writing.Dispose();

    private Task Alone(Action work) => Task.Run(
        async () =>
        {
            await _writing.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            try
            {
                work();
            }
            finally
            {
                _writing.Release();
            }
        },
        CancellationToken.None);

    private async Task WithinAsync(Task task, CancellationToken cancellationToken)
    {
        try
        {
            await task.WaitAsync(WriteLimit, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            _ = task.ContinueWith(static late => _ = late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw new JournalUnavailableException($"The disk did not take {FilePath} within {WriteLimit.TotalSeconds:0} s.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalUnavailableException($"{FilePath}: {e.Message}", e);
        }
    }

    private void Append(byte[] line, JournalledKill kill, Func<bool> isAwaited)
    {
        using var file = OpenFile();
        var before = file.Length;

        // What a crash left unfinished must not take this line with it.
        file.Seek(0, SeekOrigin.End);
        var whole = before == 0 || EndsLine(file) ? line : [(byte)KillJournalLine.Unfinished, (byte)'\n', .. line];
        try
        {
            WriteThrough(file, whole);
        }
        catch (IOException)
        {
            TakeBack(file, before);
            throw;
        }

        if (!isAwaited())
        {
            TakeBack(file, before);
            return;
        }

        lock (_changing)
        {
            _waiting = [.. _waiting, kill];
            _some.TrySetResult();
        }
    }

    /// <summary>Half a line that is refused must not be found later as a whole one.</summary>
    private void TakeBack(FileStream file, long length)
    {
        try
        {
            file.SetLength(length);
        }
        catch (IOException e)
        {
            log.LogWarning(e, "An unfinished line stays at the end of the journal of kills {Path}; it is passed over.", FilePath);
        }
    }

    private void Empty()
    {
        // What was not read may hold what nobody else knows. And unless something came meanwhile.
        if (_read && Waiting.Count == 0)
        {
            using var file = OpenFile();
            file.SetLength(0);
            file.Write(Encoding.UTF8.GetBytes(string.Concat(_staying.Select(line => line + "\n"))));
            file.Flush(flushToDisk: true);
        }
    }

    private void Open()
    {
        string text;

        // Made at the start, so that its name is long on disk when the first kill needs it.
        using (var file = OpenFile())
        {
            text = ReadThrough(file);
        }

        var found = KillJournalContent.Of(text, time.GetUtcNow());
        var aside = KillJournalAside.Keep(DamagedPath, found, log);
        _staying = aside ? [.. found.Damaged.Where(d => d.Kill is null).Select(d => d.Line)] : [.. found.Damaged.Select(d => d.Line)];
        Volatile.Write(ref _damaged, [.. found.Damaged.Select(d => new DamagedKill(d.Kill?.Key, d.Kill?.Environment))]);
        lock (_changing)
        {
            _waiting = [.. found.Kills.Concat(_waiting).DistinctBy(k => k.Id).Where(k => !_dropped.Contains(k.Id))];
            _read = true;
            if (_waiting.Count > 0)
            {
                _some.TrySetResult();
            }
        }

        if (_dropped.Count > 0)
        {
            Empty();
        }
    }

    private FileStream OpenFile()
    {
        Directory.CreateDirectory(folder);
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.Read, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(FilePath, options);
    }

    private static bool EndsLine(FileStream file)
    {
        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte() == '\n';
    }
}
