using System.Globalization;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Catalog;

namespace OpsConsole.Core.Switches;

/// <summary>The key or the owner cannot be one.</summary>
public sealed record CatalogNameRefusal(string What) : Refusal
{
    public override string Sentence => $"{What} needs {CatalogName.Form}.";
}

/// <summary>There is a switch of that key.</summary>
public sealed record SwitchThereRefusal(string Key, bool Archived) : Refusal
{
    public override string Sentence => Archived
        ? $"There is a switch {Key} in the archive; take it out of the archive, or choose another key."
        : $"There is a switch {Key} already; choose another key.";
}

/// <summary>The targeting is not usable.</summary>
public sealed record TargetingFaultyRefusal(IReadOnlyList<TargetingFault> Faults) : Refusal
{
    public override string Sentence => "The targeting cannot be used: " + string.Join(" ", Faults.Select(f => f.Path.Length == 0 ? f.Sentence : $"{f.Path}: {f.Sentence}"));
}

/// <summary>The share of everyone else is a release's exposure.</summary>
/// <param name="Key">The switch.</param>
/// <param name="Environment">Where.</param>
/// <param name="Release">"shop 2.15.0 on flags".</param>
/// <param name="Percent">Where that release has it, 0 to 100.</param>
public sealed record DrivenByReleaseRefusal(string Key, string Environment, string Release, double Percent) : Refusal
{
    public override string Sentence =>
        $"The share of everyone else of {Key} in {Environment} is the exposure of {Release}, at {Wording.Percent(Percent)}: promote or roll back that release to change it, or kill the switch. "
        + $"Rules above it can be changed here while the share stays {Wording.Percent(Percent)}.";
}

/// <summary>It was changed since the one who asks looked at it.</summary>
/// <param name="What">"The switch x in production".</param>
/// <param name="Seen">Revision that was seen.</param>
/// <param name="Now">Revision that there is.</param>
/// <param name="Changes">What was changed last, for people; empty where it is not known.</param>
public sealed record ChangedSinceRefusal(string What, int Seen, int Now, string Changes) : Refusal
{
    public override string Sentence =>
        $"{What} is at revision {Now.ToString(CultureInfo.InvariantCulture)}, and you saw {Seen.ToString(CultureInfo.InvariantCulture)}: {(Changes.Length > 0 ? Changes : "it was changed by someone else")}. Look at it again, then decide.";
}

/// <summary>Releases that people have are bound to the switch.</summary>
public sealed record SwitchInUseRefusal(string Key, IReadOnlyList<string> Releases) : Refusal
{
    private const int MostNamed = 5;

    public override string Sentence =>
        $"{string.Join(", ", Releases.Take(MostNamed))}{(Releases.Count > MostNamed ? $" and {Releases.Count - MostNamed} more" : "")} {(Releases.Count == 1 ? "is" : "are")} bound to {Key}, "
        + "so its kill switch must stay; put it away when a release without it has taken over.";
}

/// <summary>Who still asks for the switch would get what it keeps off.</summary>
public sealed record KilledNotArchivedRefusal(string Key, string Where) : Refusal
{
    public override string Sentence => $"The switch {Key} is killed {Where}. Put away, it would be answered to nobody, and whoever still asks uses the default in their code, which may be on; leave it killed, or restore it first.";
}

/// <summary>It is in the archive already, or not there.</summary>
public sealed record ArchiveStateRefusal(string Key, bool Archived) : Refusal
{
    public override string Sentence => Archived ? $"The switch {Key} is in the archive already." : $"The switch {Key} is not in the archive.";
}
