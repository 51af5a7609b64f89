namespace OpsConsole.Core.Switches;

/// <summary>How one change of a flag reached the clients that were there when it was made. Measured at the console: a client counts as confirmed when the answer with the new value was written to it.</summary>
public sealed class FlagPropagation
{
    /// <summary>UUID version 7.</summary>
    public required Guid Id { get; init; }

    public required string Key { get; init; }

    /// <summary>Null: everywhere.</summary>
    public string? Environment { get; init; }

    public required FlagChangeKind Kind { get; init; }

    /// <summary>When the change was decided.</summary>
    public required DateTimeOffset FlippedAt { get; init; }

    /// <summary>Clients that held a stream or had asked lately when it was made.</summary>
    public int Clients { get; private set; }

    /// <summary>Of them: on the new value.</summary>
    public int Confirmed { get; private set; }

    /// <summary>Of them: gone (stream closed, or silent for three of their own intervals) before they were.</summary>
    public int Gone { get; private set; }

    /// <summary>Milliseconds from the change to the first client on the new value; null while there is none.</summary>
    public double? FirstMs { get; private set; }

    public double? MedianMs { get; private set; }

    public double? P95Ms { get; private set; }

    public double? LastMs { get; private set; }

    /// <summary>When nothing more was waited for; null while it is measured.</summary>
    public DateTimeOffset? ClosedAt { get; private set; }

    /// <summary>Still expected.</summary>
    public int Unconfirmed => Clients - Confirmed - Gone;

    /// <summary>Takes over what was counted so far. <paramref name="sortedMs"/> are the confirmed ones' times, rising.</summary>
    public void Count(int clients, int gone, IReadOnlyList<double> sortedMs, DateTimeOffset? closedAt)
    {
        ArgumentNullException.ThrowIfNull(sortedMs);
        (Clients, Gone, Confirmed, ClosedAt) = (clients, gone, sortedMs.Count, closedAt);
        if (sortedMs.Count > 0)
        {
            (FirstMs, LastMs) = (sortedMs[0], sortedMs[^1]);
            (MedianMs, P95Ms) = (At(sortedMs, 0.5), At(sortedMs, 0.95));
        }
    }

    /// <summary>Nearest rank.</summary>
    private static double At(IReadOnlyList<double> sorted, double share) => sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Count) - 1)];
}

/// <summary>Where measured propagations are kept.</summary>
public interface IPropagationStore
{
    /// <summary>Adds it, or takes over its new counts.</summary>
    Task SaveAsync(FlagPropagation value, CancellationToken cancellationToken);

    /// <summary>The latest, newest first; of one flag, or of all (<paramref name="key"/> null). At most 200.</summary>
    Task<IReadOnlyList<FlagPropagation>> LatestAsync(string? key, int take, CancellationToken cancellationToken);
}
