using Microsoft.EntityFrameworkCore;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Policies;

namespace OpsConsole.Core.Storage;

/// <summary>The library of policies in the database. Versions are numbered by the row that gets in first; whoever comes second takes the next number.</summary>
public sealed class PolicyStore(RecordDatabase database) : IPolicyStore
{
    private const int Tries = 5;

    /// <inheritdoc/>
    public async Task<PolicySaved> SaveAsync(PolicyDraft draft, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TrySaveAsync(draft, cancellationToken);
            }
            catch (DbUpdateException e) when (attempt < Tries && DatabaseErrors.IsDuplicate(e))
            {
                // Someone else saved a version of this policy between the look and the write.
            }
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<PolicyHead>> ListAsync(CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<PolicyHead>>(
        RecordDatabase.Browsing,
        async (context, token) => await Latest(context).ToListAsync(token),
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<PolicyHead>> VersionsAsync(string name, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<PolicyHead>>(
        RecordDatabase.Browsing,
        async (context, token) => await Versions(context, name).ToListAsync(token),
        cancellationToken);

    /// <inheritdoc/>
    public Task<PolicyVersion?> FindAsync(string name, int? version, CancellationToken cancellationToken) => database.ReadAsync(
        RecordDatabase.Live,
        (context, token) => One(context, name, version).FirstOrDefaultAsync(token),
        cancellationToken);

    internal static IQueryable<PolicyHead> Latest(OpsConsoleDbContext context) => context.Policies.AsNoTracking()
        .Where(p => p.Version == context.Policies.Where(q => q.Name == p.Name).Max(q => q.Version))
        .OrderBy(p => p.Name)
        .Select(p => new PolicyHead(p.Name, p.Version, p.Digest, p.CreatedBy, p.CreatedAt, p.Note));

    internal static IQueryable<PolicyHead> Versions(OpsConsoleDbContext context, string name) => context.Policies.AsNoTracking()
        .Where(p => p.Name == name).OrderByDescending(p => p.Version)
        .Select(p => new PolicyHead(p.Name, p.Version, p.Digest, p.CreatedBy, p.CreatedAt, p.Note));

    internal static IQueryable<PolicyVersion> One(OpsConsoleDbContext context, string name, int? version) => context.Policies.AsNoTracking()
        .Where(p => p.Name == name && (version == null || p.Version == version)).OrderByDescending(p => p.Version);

    private Task<PolicySaved> TrySaveAsync(PolicyDraft draft, CancellationToken cancellationToken)
    {
        var key = Guid.CreateVersion7();
        return database.WriteAsync(
            RecordDatabase.Live,
            async (context, token) =>
            {
                var latest = await One(context, draft.Name, null).FirstOrDefaultAsync(token);
                if (latest?.Digest == draft.Digest)
                {
                    return new PolicySaved(latest, IsNew: false);
                }

                var next = new PolicyVersion
                {
                    Name = draft.Name,
                    Version = (latest?.Version ?? 0) + 1,
                    Text = draft.Text,
                    Digest = draft.Digest,
                    CreatedBy = draft.By.Name,
                    CreatedAt = draft.At,
                    Note = draft.Note,
                };
                StorableText.In(context.Entry(next));
                context.Policies.Add(next);
                context.Append(new Rows.Appended<AuditEntry>(Line(draft, next), key));
                await context.SaveChangesAsync(token);
                return new PolicySaved(next, IsNew: true);
            },
            async (context, token) =>
            {
                // After a broken try: the latest version is ours when it has our text, writer and moment.
                var latest = await One(context, draft.Name, null).FirstOrDefaultAsync(token);
                return latest?.Digest == draft.Digest && latest.CreatedBy == draft.By.Name ? new PolicySaved(latest, IsNew: true) : null;
            },
            cancellationToken);
    }

    private static AuditEntry Line(PolicyDraft draft, PolicyVersion version) => new()
    {
        At = draft.At,
        Actor = draft.By.Name,
        Role = draft.By.Role.ToString(),
        Event = "policy.save",
        Subject = $"policy:{draft.Name}",
        SubjectTitle = $"policy {draft.Name}, version {version.Version}",
        Outcome = "done",
        Reason = draft.Note,
        Detail = $"Digest {version.Digest}.",
    };
}
