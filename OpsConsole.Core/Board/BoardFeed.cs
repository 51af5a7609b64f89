using System.Collections.Immutable;

namespace OpsConsole.Core.Board;

/// <summary>Tells open boards that there is something new. Each subscriber has a mailbox of one, whose only message is "look again": a slow reader skips versions and can never queue.</summary>
public sealed class BoardFeed
{
    private ImmutableArray<Subscription> _subscriptions = [];

    /// <summary>Open subscriptions, for metrics.</summary>
    public int Count => _subscriptions.Length;

    /// <summary>Begins to listen. Subscribe first, then read the current snapshot, so that nothing falls between.</summary>
    public Subscription Subscribe()
    {
        var subscription = new Subscription(this);
        ImmutableInterlocked.Update(ref _subscriptions, static (list, added) => list.Add(added), subscription);
        return subscription;
    }

    /// <summary>Puts "look again" into every mailbox that is empty.</summary>
    public void Announce()
    {
        foreach (var subscription in _subscriptions)
        {
            subscription.Signal();
        }
    }

    private void Remove(Subscription subscription) =>
        ImmutableInterlocked.Update(ref _subscriptions, static (list, gone) => list.Remove(gone), subscription);

    /// <summary>One reader's mailbox.</summary>
    public sealed class Subscription : IDisposable
    {
        private readonly BoardFeed _feed;
        private readonly SemaphoreSlim _mail = new(0, 1);
        private int _full;

        internal Subscription(BoardFeed feed) => _feed = feed;

        /// <summary>Waits for "look again" and empties the mailbox.</summary>
        public async Task WaitAsync(CancellationToken cancellationToken)
        {
            await _mail.WaitAsync(cancellationToken).ConfigureAwait(false);

            // A full fence: what the reader reads after this must not be older than what an announcer that still sees a full mailbox has published.
            Interlocked.Exchange(ref _full, 0);
        }

        public void Dispose() => _feed.Remove(this);

        internal void Signal()
        {
            if (Interlocked.Exchange(ref _full, 1) == 0)
            {
                _mail.Release();
            }
        }
    }
}
