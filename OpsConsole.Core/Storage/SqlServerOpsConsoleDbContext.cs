using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Storage;

/// <summary>The database on SQL Server.</summary>
public sealed class SqlServerOpsConsoleDbContext(DbContextOptions<SqlServerOpsConsoleDbContext> options) : OpsConsoleDbContext(options)
{
    /// <summary>Does not tell upper from lower case, so that a beginning is found with the column's own index.</summary>
    private const string IgnoresCase = "Latin1_General_100_CI_AS";

    /// <inheritdoc/>
    public override Expression<Func<Release, bool>> BeginsWith(string word)
    {
        var beginning = LikePattern.Beginning(word);
        var digest = LikePattern.Beginning("sha256:" + word);
        return r => EF.Functions.Like(r.Service, beginning, LikePattern.Escape)
            || EF.Functions.Like(r.Version, beginning, LikePattern.Escape)
            || EF.Functions.Like(r.Artifact.Commit, beginning, LikePattern.Escape)
            || EF.Functions.Like(r.Artifact.Digest, beginning, LikePattern.Escape)
            || EF.Functions.Like(r.Artifact.Digest, digest, LikePattern.Escape)
            || EF.Functions.Like(r.Author!, beginning, LikePattern.Escape);
    }

    /// <inheritdoc/>
    public override async Task<int> GiveUpAsync(long upTo, DateTimeOffset before, int most, CancellationToken cancellationToken) =>
        (await Database.SqlQuery<int>($"EXEC audit_give_up {upTo}, {before}, {most}").ToListAsync(cancellationToken))[0];

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<Release>(release =>
        {
            release.Property(r => r.Service).UseCollation(IgnoresCase);
            release.Property(r => r.Version).UseCollation(IgnoresCase);
            release.Property(r => r.Author).UseCollation(IgnoresCase);
            release.ComplexProperty(r => r.Artifact).Property(a => a.Commit).UseCollation(IgnoresCase);
            release.ComplexProperty(r => r.Artifact).Property(a => a.Digest).UseCollation(IgnoresCase);
        });

        // SQL Server refuses a bare OUTPUT clause on a table that has a trigger.
        modelBuilder.Entity<AuditEntry>().ToTable(table => table.HasTrigger("audit_append_only"));
    }
}
