using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Storage;

/// <summary>The database on PostgreSQL.</summary>
public sealed class PostgresOpsConsoleDbContext(DbContextOptions<PostgresOpsConsoleDbContext> options) : OpsConsoleDbContext(options)
{
    /// <inheritdoc/>
    /// <remarks>The migration indexes the lower-cased columns with <c>text_pattern_ops</c>, which serves beginnings whatever the collation is.</remarks>
    public override Expression<Func<Release, bool>> BeginsWith(string word)
    {
        var beginning = LikePattern.Beginning(word.ToLowerInvariant());
        var digest = LikePattern.Beginning("sha256:" + word.ToLowerInvariant());
#pragma warning disable CA1304, CA1311 // Translated to lower(); never run here.
        return r => EF.Functions.Like(r.Service.ToLower(), beginning, LikePattern.Escape)
            || EF.Functions.Like(r.Version.ToLower(), beginning, LikePattern.Escape)
            || EF.Functions.Like(r.Artifact.Commit.ToLower(), beginning, LikePattern.Escape)
            || EF.Functions.Like(r.Artifact.Digest.ToLower(), beginning, LikePattern.Escape)
            || EF.Functions.Like(r.Artifact.Digest.ToLower(), digest, LikePattern.Escape)
            || EF.Functions.Like(r.Author!.ToLower(), beginning, LikePattern.Escape);
#pragma warning restore CA1304, CA1311
    }

    /// <inheritdoc/>
    public override async Task<int> GiveUpAsync(long upTo, DateTimeOffset before, int most, CancellationToken cancellationToken) =>
        (await Database.SqlQuery<int>($"SELECT audit_give_up({upTo}, {before}, {most}) AS \"Value\"").ToListAsync(cancellationToken))[0];
}
