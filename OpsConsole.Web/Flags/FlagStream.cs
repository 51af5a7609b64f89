using OpsConsole.Core.Switches;

namespace OpsConsole.Web.Flags;

/// <summary>One open connection. It has one slot, whose only message is "look again": however much happens while it is being written to, nothing queues.</summary>
internal sealed class FlagStream(FlagReaderId reader, Guid token, long now)
{
    private TaskCompletionSource _look = NewSlot();
    private long _writtenAt = now;
    private volatile bool _ended;

    public FlagReaderId Reader => reader;

    /// <summary>The flag client's; <see cref="Guid.Empty"/> for none.</summary>
    public Guid Token => token;

    /// <summary>True once it is to be closed.</summary>
    public bool Ended => _ended;

    /// <summary>When it was last written to.</summary>
    public long WrittenAt
    {
        get => Interlocked.Read(ref _writtenAt);
        set => Interlocked.Exchange(ref _writtenAt, value);
    }

    public void Look() => Volatile.Read(ref _look).TrySetResult();

    public void End()
    {
        _ended = true;
        Look();
    }

    /// <summary>Waits for "look again" and empties the slot. What is read after this is not older than what was announced.</summary>
    public async Task LookedAsync()
    {
        await _look.Task;
        Interlocked.Exchange(ref _look, NewSlot());
    }

    private static TaskCompletionSource NewSlot() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
