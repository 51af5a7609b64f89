namespace OpsConsole.Web.Api.Hooks;

/// <summary>Remembers deliveries that were taken, so that none is taken twice: bounded in time and number.</summary>
internal sealed class SeenDeliveries(TimeSpan kept, TimeProvider time)
{
    /// <summary>Most marks remembered; the oldest go first.</summary>
    public const int Most = 20_000;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _marks = new(StringComparer.Ordinal);
    private readonly Queue<(string Mark, DateTimeOffset At)> _order = new();

    /// <summary>Takes a delivery by every mark that it is known by; false where one of them was seen before.</summary>
    public bool TryTake(params ReadOnlySpan<string> marks)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            while (_order.TryPeek(out var oldest) && (now - oldest.At > kept || _order.Count > Most))
            {
                _marks.Remove(_order.Dequeue().Mark);
            }

            foreach (var mark in marks)
            {
                if (_marks.Contains(mark))
                {
                    return false;
                }
            }

            foreach (var mark in marks)
            {
                if (_marks.Add(mark))
                {
                    _order.Enqueue((mark, now));
                }
            }

            return true;
        }
    }

    /// <summary>Lets go of a delivery that came to nothing, so that it may be sent again.</summary>
    public void LetGo(params ReadOnlySpan<string> marks)
    {
        lock (_lock)
        {
            foreach (var mark in marks)
            {
                _marks.Remove(mark);
            }
        }
    }
}
