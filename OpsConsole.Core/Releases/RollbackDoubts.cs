namespace OpsConsole.Core.Releases;

/// <summary>Why only a person may decide to roll a release back: what its submitted migration leaves open. Several may hold.</summary>
[Flags]
public enum RollbackDoubts
{
    /// <summary>The console may roll back by itself, as far as the migration goes.</summary>
    None = 0,

    /// <summary>Not all of the migration could be read, or it runs code that cannot be seen.</summary>
    Unread = 1,

    /// <summary>It deletes or overwrites rows, and rolling back does not bring them back.</summary>
    RowsLost = 2,

    /// <summary>The evidence was made by a reader that did not say whether it can be undone.</summary>
    NotTold = 4,
}

/// <summary>What a roll back is held to.</summary>
/// <param name="Class">The declared class of the migration, or the worse one that the submitted SQL showed.</param>
/// <param name="Doubts">Why the console may not roll back by itself.</param>
public sealed record MigrationStanding(MigrationClass Class, RollbackDoubts Doubts = RollbackDoubts.None);

/// <summary>Doubts in words.</summary>
public static class RollbackDoubtWords
{
    /// <summary>As a part of a sentence: "not all of the migration could be read"; empty without a doubt.</summary>
    public static string Clause(this RollbackDoubts doubts) => string.Join(" and ", Clauses(doubts));

    private static IEnumerable<string> Clauses(RollbackDoubts doubts)
    {
        if (doubts.HasFlag(RollbackDoubts.Unread))
        {
            yield return "not all of the migration could be read";
        }

        if (doubts.HasFlag(RollbackDoubts.RowsLost))
        {
            yield return "the migration deletes or overwrites rows, which do not come back";
        }

        if (doubts.HasFlag(RollbackDoubts.NotTold))
        {
            yield return "the evidence does not say whether the migration can be undone";
        }
    }
}
