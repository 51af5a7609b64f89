using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Audit;

/// <summary>One line of the record of who asked for what and what came of it. Never changed, never deleted.</summary>
public sealed class AuditEntry
{
    public long Id { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Name of the person or token, or "console" for what the console did itself.</summary>
    public required string Actor { get; init; }

    public required string Role { get; init; }

    /// <summary>What was asked or happened, for example <c>promote</c>, <c>sign-in</c>, <c>release.register</c>.</summary>
    public required string Event { get; init; }

    /// <summary>What it was about, for example <c>release:0198…</c> or <c>switch:new-recommendations</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>The subject in words, for example "shop 2.15.0 on web, production".</summary>
    public required string SubjectTitle { get; init; }

    /// <summary><c>intent</c>, <c>refused</c>, <c>confirmed</c>, <c>failed</c>, <c>unconfirmed</c>, <c>pre-empted</c>, <c>approved</c>, <c>rejected</c>, <c>withdrawn</c>, <c>expired</c>, <c>lapsed</c> or <c>done</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>The reason the person gave.</summary>
    public string? Reason { get; init; }

    /// <summary>What came of it, or every refusal, in sentences.</summary>
    public string? Detail { get; init; }

    public Guid? ActionId { get; init; }

    /// <summary>Seal of the evidence the decision was made on.</summary>
    public string? EvidenceSeal { get; init; }
}

/// <summary>What to look for in the audit. Null means any.</summary>
public sealed record AuditQuery
{
    public string? Actor { get; init; }

    /// <summary>What was asked for; several with commas between.</summary>
    public string? Event { get; init; }

    public string? Outcome { get; init; }

    public string? Subject { get; init; }

    /// <summary>The events that are looked for; empty: any.</summary>
    public IReadOnlyList<string> Events => Event?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    public int Skip { get; init; }

    /// <summary>Rows wanted, 1 to 200.</summary>
    public int Take { get; init; } = 50;
}

/// <summary>Where the audit is kept.</summary>
public interface IAuditStore
{
    Task AppendAsync(AuditEntry entry, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    Task<Page<AuditEntry>> PageAsync(AuditQuery query, CancellationToken cancellationToken);
}
