using System.Globalization;

namespace OpsConsole.Core.Sources.Otlp;

/// <summary>What became of one export.</summary>
public sealed class OtlpReceipt
{
    private const int MostReasons = 5;

    private readonly Dictionary<string, int> _reasons = new(StringComparer.Ordinal);

    /// <summary>Points that were taken, or had been before.</summary>
    public int Accepted { get; private set; }

    /// <summary>Points that were not taken.</summary>
    public int Rejected { get; private set; }

    /// <summary>Of those, the ones that the caller may not send.</summary>
    public int Forbidden { get; private set; }

    /// <summary>Why points were not taken, for whoever sends them; null when all were.</summary>
    public string? Message => Rejected == 0 ? null
        : string.Join(" ", _reasons.OrderByDescending(static r => r.Value).Take(MostReasons).Select(static r => string.Create(CultureInfo.InvariantCulture, $"{r.Value} data {(r.Value == 1 ? "point was" : "points were")} not taken: {r.Key}.")));

    internal void Accept() => Accepted++;

    internal void Add(OtlpReceipt other)
    {
        Accepted += other.Accepted;
        Forbidden += other.Forbidden;
        foreach (var (reason, points) in other._reasons)
        {
            Reject(points, reason);
        }
    }

    internal void Forbid(int points, string reason)
    {
        Forbidden += points;
        Reject(points, reason.TrimEnd('.'));
    }

    internal void Reject(int points, string reason)
    {
        if (points == 0)
        {
            return;
        }

        Rejected += points;
        _reasons[reason] = _reasons.GetValueOrDefault(reason) + points;
    }
}
