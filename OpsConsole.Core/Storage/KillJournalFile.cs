using System.Text;
using Microsoft.Extensions.Logging;
using OpsConsole.Core.Actions.Kill;

namespace OpsConsole.Core.Storage;

/// <summary>The journal of kills as a file in the data folder: one JSON line each with a checksum, on disk before anyone is answered.</summary>
/// <remarks>The file is emptied when all that it holds is on record, and otherwise only grows: what was written before is never touched again, so that a crash at any moment loses nothing that was answered. A line that is on record already is found there by its action and not written twice.</remarks>
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
    private List<JournalledKill> _waiting = [];
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

    /// <summary>Writes a line and waits until it is on disk.</summary>
    internal Action<FileStream, ReadOnlyMemory<byte>> WriteThrough { get; init; } = static (file, line) =>
    {
        file.Write(line.Span);
        file.Flush(flushToDisk: true);
    };

    /// <inheritdoc/>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Run(Open, CancellationToken.None).WaitAsync(WriteLimit, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or TimeoutException)
        {
            log.LogError(e, "The journal of kills {Path} cannot be read or written: what it holds is not in force, and kills are refused while the database is away. Make it readable and writable for the console, then restart.", FilePath);
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
            await AloneAsync(() => Append(line, kill, () => Interlocked.CompareExchange(ref decided, Kept, 0) == 0), cancellationToken).ConfigureAwait(false);
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
            await AloneAsync(Empty, cancellationToken).ConfigureAwait(false);
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

    private async Task AloneAsync(Action work, CancellationToken cancellationToken)
    {
        var task = Task.Run(
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
        var whole = before == 0 || EndsLine(file) ? line : [(byte)'\n', .. line];
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
        // Unless something came meanwhile.
        if (Waiting.Count == 0)
        {
            using var file = OpenFile();
            file.SetLength(0);
            file.Flush(flushToDisk: true);
        }
    }

    private void Open()
    {
        // Made at the start, so that its name is long on disk when the first kill needs it.
        using var file = OpenFile();
        using var reader = new StreamReader(file, new UTF8Encoding(false));
        List<JournalledKill> kept = [];
        List<string> damaged = [];
        while (reader.ReadLine() is { } line)
        {
            if (KillJournalLine.Read(line) is { } kill)
            {
                kept.Add(kill);
            }
            else if (line.Length > 0)
            {
                damaged.Add(line);
            }
        }

        lock (_changing)
        {
            _waiting = [.. kept.DistinctBy(k => k.Id)];
            if (_waiting.Count > 0)
            {
                _some.TrySetResult();
            }
        }

        if (damaged.Count > 0)
        {
            KeepAside(damaged);
        }
    }

    private void KeepAside(List<string> damaged)
    {
        try
        {
            var known = File.Exists(DamagedPath) ? File.ReadAllLines(DamagedPath).ToHashSet(StringComparer.Ordinal) : [];
            File.AppendAllLines(DamagedPath, damaged.Where(line => !known.Contains(line)));
            log.LogError("The journal of kills has {Lines} line(s) that cannot be read, as a crash leaves them; nobody was told that these kills are in force. They are kept in {Path}.", damaged.Count, DamagedPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.LogError(e, "The journal of kills has {Lines} line(s) that cannot be read, and they cannot be kept aside in {Path}.", damaged.Count, DamagedPath);
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
