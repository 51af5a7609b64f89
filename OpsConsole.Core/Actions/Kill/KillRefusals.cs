using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Actions.Kill;

/// <summary>The release has no switch.</summary>
public sealed record NoSwitchRefusal : Refusal
{
    public override string Sentence => "This release has no kill switch; halt it, or roll it back where its target can.";
}

/// <summary>The switch is killed already, where it was asked for or everywhere.</summary>
/// <param name="Key">The switch.</param>
/// <param name="Since">When it was killed.</param>
/// <param name="Environment">Where the kill holds that is in force; null: everywhere.</param>
public sealed record AlreadyKilledRefusal(string Key, DateTimeOffset Since, string? Environment = null) : Refusal, IAlreadyInForce
{
    public override string Sentence => $"The switch {Key} is killed {(Environment is { } only ? $"in {only} " : "")}already, since {Wording.Clock(Since)}; restore it to turn it on again.";
}

/// <summary>The switch is on, so there is nothing to restore.</summary>
public sealed record NotKilledRefusal(string Key, string? Environment = null) : Refusal
{
    public override string Sentence => $"The switch {Key} is not killed{(Environment is { } only ? $" in {only}" : "")}, so there is nothing to restore.";
}

/// <summary>One environment cannot be restored while the switch is killed everywhere.</summary>
public sealed record KilledEverywhereRefusal(string Key, string Environment, DateTimeOffset Since) : Refusal
{
    public override string Sentence =>
        $"The switch {Key} is killed everywhere, since {Wording.Clock(Since)}, so restoring it in {Environment} alone would change nothing; "
        + "restore it everywhere, after killing it in each environment where it must stay off.";
}

/// <summary>The switch was put away.</summary>
public sealed record ArchivedSwitchRefusal(string Key, DateTimeOffset Since) : Refusal
{
    public override string Sentence => $"The switch {Key} was put away at {Wording.Moment(Since)}: nobody is served it, and clients use the default in their code. Take it out of the archive first.";
}

/// <summary>A token is wanted for an environment in which nothing is yet.</summary>
/// <param name="Name">What was asked for.</param>
/// <param name="Near">What was probably meant, or null.</param>
/// <param name="Known">The environments that there are.</param>
public sealed record NewEnvironmentRefusal(string Name, string? Near, IReadOnlyList<string> Known) : Refusal
{
    private const int MostNamed = 8;

    public override string Sentence =>
        $"Nothing is in an environment '{(Name.Length <= 64 ? Name : Name[..63] + "…")}' yet; "
        + (Near is { } near ? $"did you mean {near}? There" : "there")
        + $" {(Known.Count == 1 ? "is" : "are")} {string.Join(", ", Known.Take(MostNamed))}{(Known.Count > MostNamed ? $" and {Known.Count - MostNamed} more" : "")}. If it is to be a new one, say so: by the box on the page, or newEnvironment in a request.";
}

/// <summary>Nothing that the console knows is in an environment of that name, so a kill there would turn off nothing.</summary>
/// <param name="Name">What was asked for.</param>
/// <param name="Near">What was probably meant, or null.</param>
/// <param name="Known">The environments that there are.</param>
public sealed record UnknownEnvironmentRefusal(string Name, string? Near, IReadOnlyList<string> Known) : Refusal
{
    private const int MostNamed = 8;

    public override string Sentence =>
        $"No release and no flag client is in an environment '{(Name.Length <= 64 ? Name : Name[..63] + "…")}'; "
        + (Near is { } near ? $"did you mean {near}? There" : "there")
        + $" {(Known.Count == 1 ? "is" : "are")} {string.Join(", ", Known.Take(MostNamed))}{(Known.Count > MostNamed ? $" and {Known.Count - MostNamed} more" : "")}; leave the environment out to act everywhere.";
}
