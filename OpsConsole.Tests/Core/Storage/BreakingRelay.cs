using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Core.Storage;

/// <summary>Breaks the connection between the console and its database once, at the first commit: before the database hears of it, or after it was made and before the answer arrives.</summary>
internal sealed class BreakingRelay(string connectionString, bool afterCommit) : DatabaseRelay(connectionString)
{
    private int _broken;

    public bool HasBroken => Volatile.Read(ref _broken) > 0;

    protected override IPassing Begin() => new Passing(this, afterCommit);

    private bool Break() => Interlocked.Exchange(ref _broken, 1) == 0;

    private sealed class Passing(BreakingRelay relay, bool afterCommit) : IPassing
    {
        private bool _committing;

        public Task<bool> MayAskAsync(ReadOnlyMemory<byte> message)
        {
            _committing = !relay.HasBroken && message.Span.IndexOf("COMMIT"u8) >= 0;
            return Task.FromResult(!(_committing && !afterCommit && relay.Break()));
        }

        public Task<bool> MayAnswerAsync(ReadOnlyMemory<byte> message) => Task.FromResult(!(_committing && afterCommit && relay.Break()));
    }
}
