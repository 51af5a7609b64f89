using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Catalog;

namespace OpsConsole.Web.Catalog;

/// <summary>How the catalogue stands: what holds, what the folder says, and what would change.</summary>
internal sealed record CatalogStanding
{
    /// <summary>The version that holds; null where none was applied yet.</summary>
    public CatalogHead? Applied { get; init; }

    /// <summary>What holds; its faults are what of it cannot be used here.</summary>
    public CatalogContent InForce { get; init; } = CatalogContent.Empty;

    /// <summary>What of it could be used, and could not be connected.</summary>
    public IReadOnlyList<CatalogFault> Unconnected { get; init; } = [];

    /// <summary>Everything of what holds that cannot be used here and now.</summary>
    public IReadOnlyList<CatalogFault> Unusable => [.. InForce.Faults, .. Unconnected];

    /// <summary>What the folder says.</summary>
    public CatalogContent Found { get; init; } = CatalogContent.Empty;

    /// <summary>Why nothing is known of the folder, as a sentence; null where it was read.</summary>
    public string? Missing { get; init; }

    /// <summary>What applying would change, of everything that can be read.</summary>
    public IReadOnlyList<CatalogChange> Waiting { get; init; } = [];

    /// <summary>Names exactly this change; null where nothing waits, or something is wrong.</summary>
    public string? Seen { get; init; }

    /// <summary>When the folder was last looked at; null: not yet.</summary>
    public DateTimeOffset? LookedAt { get; init; }

    /// <summary>True where applying would leave no service: likelier a folder that is not mounted than what somebody wants.</summary>
    public bool TakesEverything => Found.Services.Count == 0 && InForce.Services.Count > 0;

    /// <summary>True where applying would take a service away: files may be missing by mistake too, so a person decides.</summary>
    public bool TakesService => InForce.Services.Any(s => Found.Services.All(o => o.Name != s.Name));

    /// <summary>Why no file may be put into the folder, as a sentence: beside it, what holds would look as if it had been taken out. Null where one may.</summary>
    public string? KeepsOut => InForce.Services.Count == 0 ? null
        : Missing is { } missing ? $"Nothing is written while the folder is not read, and services hold. {missing}"
        : TakesEverything && Found.Faults.Count == 0 ? "The folder has no file of the services that hold, so nothing is written into it: look first whether it is the right one, and mounted."
        : null;

    /// <summary>What the folder says of a service, or where it says nothing, what holds.</summary>
    public CatalogService? Find(string service) => InForce.Services.FirstOrDefault(s => s.Name == service) ?? Found.Services.FirstOrDefault(s => s.Name == service);
}

/// <summary>The files are not sound.</summary>
internal sealed record CatalogFaultyRefusal(IReadOnlyList<CatalogFault> Faults) : Refusal
{
    public override string Sentence => $"Nothing is applied while something is wrong with the files: {Faults[0].Sentence}{(Faults.Count > 1 ? $" And {Faults.Count - 1} more." : "")}";
}

/// <summary>The folder cannot be read.</summary>
internal sealed record CatalogFolderRefusal(string Why) : Refusal
{
    public override string Sentence => $"Nothing is applied while the folder is not read. {Why}";
}

/// <summary>Nothing differs.</summary>
internal sealed record NothingToApplyRefusal : Refusal
{
    public override string Sentence => "The files say what holds already; there is nothing to apply.";
}

/// <summary>What waits is something else than what was looked at.</summary>
internal sealed record CatalogChangedRefusal : Refusal
{
    public override string Sentence => "The files, or what holds, changed after you looked at them; look at what waits now.";
}

/// <summary>A target cannot be connected otherwise now.</summary>
internal sealed record TargetBusyRefusal(string Why) : Refusal
{
    public override string Sentence => Why;
}

/// <summary>Other changes wait, and they would be applied with it.</summary>
internal sealed record OthersWaitRefusal : Refusal
{
    public override string Sentence => "Changes of other services wait too, and would be applied with it: look at all of them first.";
}
