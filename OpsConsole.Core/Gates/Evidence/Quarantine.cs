namespace OpsConsole.Core.Gates.Evidence;

/// <summary>A test that is known to be flaky and is let pass as such, for a time.</summary>
/// <param name="Test">The test's whole name as the report gives it.</param>
/// <param name="Owner">Who repairs it.</param>
/// <param name="Reason">Why it may wait.</param>
/// <param name="Expires">From when on it is not excused any more.</param>
public sealed record QuarantineEntry(string Test, string Owner, string Reason, DateTimeOffset Expires);

/// <summary>Holds flaky tests against the quarantine of a service.</summary>
public static class Quarantine
{
    /// <summary>Entries of a policy that names tests only: its text is where who, why and until when are written.</summary>
    public static IReadOnlyList<QuarantineEntry> Named(IEnumerable<string> tests, string owner) =>
        [.. tests.Select(test => new QuarantineEntry(test, owner, "named in the release's policy", DateTimeOffset.MaxValue))];

    /// <summary>True when there are flaky tests and an entry in force names each of them. Tests beyond those that the report lists are not covered.</summary>
    public static bool Covers(EvidenceDetail detail, IReadOnlyList<QuarantineEntry> quarantine, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(detail);
        ArgumentNullException.ThrowIfNull(quarantine);
        return detail.Flaky.Count > 0
            && detail.Flaky.Count == detail.Count(EvidenceCount.Flaky)
            && detail.Flaky.All(test => quarantine.Any(e => e.Expires > now && string.Equals(e.Test, test, StringComparison.Ordinal)));
    }
}
