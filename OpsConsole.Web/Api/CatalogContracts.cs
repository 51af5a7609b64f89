using OpsConsole.Core.Catalog;
using OpsConsole.Web.Catalog;

namespace OpsConsole.Web.Api;

/// <summary>A state of the catalogue that was applied.</summary>
/// <param name="Version">1, 2, 3 …</param>
/// <param name="Digest">SHA-256 of its files.</param>
/// <param name="AppliedBy">Who applied it.</param>
/// <param name="AppliedAt">When.</param>
/// <param name="Changes">What it changed, a line for each thing.</param>
internal sealed record CatalogVersionAnswer(int Version, string Digest, string AppliedBy, DateTimeOffset AppliedAt, IReadOnlyList<string> Changes)
{
    public static CatalogVersionAnswer From(CatalogHead h) => new(h.Number, h.Digest, h.AppliedBy, h.AppliedAt, h.Summary.Split('\n'));

    public static CatalogVersionAnswer From(CatalogVersion v) => new(v.Number, v.Digest, v.AppliedBy, v.AppliedAt, v.Summary.Split('\n'));
}

/// <summary>A target of a service; <c>Kind</c> is null where it is connected elsewhere.</summary>
internal sealed record CatalogTargetAnswer(string Name, string? Kind, IReadOnlyList<string> Environments);

/// <summary>A source of a service.</summary>
internal sealed record CatalogSourceAnswer(string Key, string? Kind, string Target, string Environment);

/// <summary>A service as its file says; settings and secrets are not shown. <c>PolicyByEnvironment</c> has the policy that a release goes by there unless it names one, where there is one.</summary>
internal sealed record CatalogServiceAnswer(
    string Name, string Team, string? Contact, IReadOnlyList<string> Environments, IReadOnlyList<CatalogTargetAnswer> Targets, IReadOnlyList<CatalogSourceAnswer> Sources, IReadOnlyList<string> Policies,
    IReadOnlyDictionary<string, string> PolicyByEnvironment)
{
    public static CatalogServiceAnswer From(CatalogService s) => new(
        s.Name, s.Owner.Team, s.Owner.Contact, s.Environments, [.. s.Targets.Select(t => new CatalogTargetAnswer(t.Name, t.Kind, t.Environments))],
        [.. s.Sources.Select(o => new CatalogSourceAnswer(o.Key, o.Kind, o.Target, o.Environment))], s.Policies,
        s.Environments.Where(e => s.PolicyIn(e) is not null).ToDictionary(e => e, e => s.PolicyIn(e)!));
}

/// <summary>One thing that applying would change.</summary>
internal sealed record CatalogChangeAnswer(CatalogChangeKind Kind, string Service, string Subject, IReadOnlyList<string> Details)
{
    public static CatalogChangeAnswer From(CatalogChange c) => new(c.Kind, c.Service, c.Subject, c.Details);
}

/// <summary>One thing that is wrong with a file; line 0 is the file as a whole.</summary>
internal sealed record CatalogFaultAnswer(string File, int Line, int Column, string Message, string? Suggestion)
{
    public static CatalogFaultAnswer From(CatalogFault f) => new(f.File, f.Line, f.Column, f.Message, f.Suggestion);
}

/// <summary>What waits to be applied; <c>Seen</c> names exactly this change, and is null where nothing can be applied.</summary>
internal sealed record CatalogWaitingAnswer(string? Seen, IReadOnlyList<CatalogChangeAnswer> Changes);

/// <summary>The catalogue as it stands.</summary>
/// <param name="Applied">What holds; null where nothing was applied yet.</param>
/// <param name="Services">What holds, by name.</param>
/// <param name="Waiting">What the files would change.</param>
/// <param name="Faults">What is wrong with the files.</param>
/// <param name="Unusable">What of that which holds cannot be used here and now.</param>
/// <param name="Missing">Why nothing is known of the folder; null where it was read.</param>
/// <param name="LookedAt">When the folder was last looked at.</param>
internal sealed record CatalogAnswer(
    CatalogVersionAnswer? Applied, IReadOnlyList<CatalogServiceAnswer> Services, CatalogWaitingAnswer Waiting, IReadOnlyList<CatalogFaultAnswer> Faults, IReadOnlyList<CatalogFaultAnswer> Unusable,
    string? Missing, DateTimeOffset? LookedAt)
{
    public static CatalogAnswer From(CatalogStanding s) => new(
        s.Applied is { } applied ? CatalogVersionAnswer.From(applied) : null,
        [.. s.InForce.Services.Select(CatalogServiceAnswer.From)],
        new(s.Seen, [.. s.Waiting.Select(CatalogChangeAnswer.From)]),
        [.. s.Found.Faults.Select(CatalogFaultAnswer.From)],
        [.. s.Unusable.Select(CatalogFaultAnswer.From)],
        s.Missing,
        s.LookedAt);
}

/// <summary>What to apply.</summary>
/// <param name="Seen">What <c>waiting.seen</c> said of the changes that were looked at.</param>
internal sealed record CatalogApplyRequest(string? Seen);
