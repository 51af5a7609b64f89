using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Actions.Rollback;

/// <summary>There is no version to go back to.</summary>
public sealed record NoPreviousVersionRefusal : Refusal
{
    public override string Sentence => "This is the first version here, so there is none to roll back to; halt it, kill its switch and fix forward.";
}

/// <summary>The previous version cannot read the database any more.</summary>
public sealed record MigrationForbidsRollbackRefusal(string? PreviousVersion, string? SwitchKey) : Refusal
{
    public override string Sentence =>
        $"The release removed database structure or data that {PreviousVersion ?? "the previous version"} needs, and rolling back does not bring it back; "
        + (SwitchKey is null ? "halt the release and fix forward." : $"halt the release, kill the switch {SwitchKey} and fix forward.");
}

/// <summary>The console or a token asked, and the migration leaves open what rolling back would meet.</summary>
public sealed record OnlyAPersonRollsBackRefusal(RollbackDoubts Doubts) : Refusal
{
    public override string Sentence
    {
        get
        {
            var why = Doubts.Clause();
            return $"{char.ToUpperInvariant(why[0])}{why[1..]}, so only a person may decide to roll back.";
        }
    }
}

/// <summary>A later release serves the traffic now.</summary>
public sealed record ReplacedRefusal(string LaterVersion) : Refusal
{
    public override string Sentence => $"{LaterVersion} came after this release, so rolling this one back would not help; act on {LaterVersion}.";
}
