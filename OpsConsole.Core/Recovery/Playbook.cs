namespace OpsConsole.Core.Recovery;

/// <summary>Which move to make for a release.</summary>
public static class Playbook
{
    /// <summary>The recommended move and the others, each possible or not and why.</summary>
    public static PlaybookAdvice Advise(PlaybookFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return new PlaybookAdvice(facts.Fault, RecoveryMove.Watch, facts.Broke, null, []);
    }
}
