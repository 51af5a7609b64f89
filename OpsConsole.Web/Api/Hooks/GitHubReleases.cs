using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Releases;

namespace OpsConsole.Web.Api.Hooks;

/// <summary>What came of a delivery.</summary>
/// <param name="Status">The HTTP status to answer with.</param>
/// <param name="Outcome"><c>registered</c>, <c>known</c>, <c>ignored</c> or <c>refused</c>.</param>
/// <param name="Detail">In words.</param>
/// <param name="Release">The release that it became, or is already.</param>
internal sealed record HookOutcome(int Status, string Outcome, string Detail, Guid? Release = null)
{
    private const int MaxDetail = 1000;

    public const string Registered = "registered", Known = "known", Ignored = "ignored", Refused = "refused";

    /// <summary>True where it is settled, so that the same delivery has nothing more to say.</summary>
    public bool IsSettled => Status == StatusCodes.Status200OK;

    /// <summary>A refusal. Words of the deployment that it repeats are what can be seen of them, and not endless.</summary>
    public static HookOutcome No(int status, string why) => new(status, Refused, PlainText.Of(why) is { Length: > MaxDetail } plain ? plain[..MaxDetail] + "…" : PlainText.Of(why));
}

/// <summary>Makes releases of deployments, by the registration that the API has too. A deployment is one release, however often it is told of.</summary>
internal sealed class GitHubReleases(RegisterRelease register, IReleaseStore releases)
{
    /// <summary>How far the clocks of GitHub and the console may be apart before a release that names no deployment would be taken for one of an earlier deployment.</summary>
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(1);

    private const int MostLookedAt = 50;

    /// <summary>Registers a deployment's release, where it is not there yet.</summary>
    /// <param name="by">Who registers: the hook.</param>
    /// <param name="hook">What it is for.</param>
    /// <param name="deployed">What GitHub says.</param>
    /// <param name="own">What the deployment carries for the console; null where nothing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<HookOutcome> RegisterAsync(Operator by, GitHubHook hook, GitHubDeployed deployed, ReleaseRegistration? own, CancellationToken cancellationToken)
    {
        var (registration, why) = Written(hook, deployed, own);
        if (registration is null)
        {
            return HookOutcome.No(StatusCodes.Status422UnprocessableEntity, why!);
        }

        var there = (await releases.PageAsync(
            new ReleaseQuery { Service = registration.Service, Target = registration.Target, Environment = registration.Environment, Take = MostLookedAt }, cancellationToken)).Items;

        if (there.FirstOrDefault(r => r.Version == registration.Version && IsOf(r, deployed)) is { } known)
        {
            return new(StatusCodes.Status200OK, HookOutcome.Known, $"{known.Service} {known.Version} is registered already.", known.Id);
        }

        return await register.RegisterAsync(WithServing(registration, deployed, ServingVersion.Of(there)), by, cancellationToken) switch
        {
            RegisterAnswer.Registered done => new(StatusCodes.Status200OK, HookOutcome.Registered, $"{done.Release.Service} {done.Release.Version} is registered. {string.Join(" ", done.Warnings)}".Trim(), done.Release.Id),
            RegisterAnswer.Invalid invalid => HookOutcome.No(StatusCodes.Status422UnprocessableEntity, string.Join(" ", invalid.Faults.Select(f => $"{f.Path}: {f.Sentence}"))),
            RegisterAnswer.Conflict { Existing: { } id } conflict when await IsSameAsync(id, registration, cancellationToken) => new(StatusCodes.Status200OK, HookOutcome.Known, conflict.Sentence, id),
            RegisterAnswer.Conflict conflict => HookOutcome.No(StatusCodes.Status409Conflict, conflict.Sentence) with { Release = conflict.Existing },
            RegisterAnswer.NotPermitted refused => HookOutcome.No(StatusCodes.Status403Forbidden, refused.Sentence),
            RegisterAnswer.Unavailable away => HookOutcome.No(StatusCodes.Status503ServiceUnavailable, away.Sentence),
            var other => throw new InvalidOperationException($"Unknown answer {other}."),
        };
    }

    /// <summary>Of this deployment, and not of another one of the same version. A release that names none was registered by somebody else: it counts where that was after the deployment was made.</summary>
    private static bool IsOf(Release release, GitHubDeployed deployed) => release.Links.Deployment is { } named
        ? string.Equals(named, deployed.Identity, StringComparison.OrdinalIgnoreCase)
        : release.RegisteredAt >= deployed.CreatedAt - ClockDifference;

    /// <summary>The registration that a deployment comes to, or why it comes to none.</summary>
    private static (ReleaseRegistration? Registration, string? Why) Written(GitHubHook hook, GitHubDeployed deployed, ReleaseRegistration? own)
    {
        var services = hook.Services.Where(s => s.Value.Equals(deployed.Repository, StringComparison.OrdinalIgnoreCase)).Select(s => s.Key).ToList();
        var service = own?.Service is { } named ? services.Find(s => s == named) : services.Count == 1 ? services[0] : null;
        if (service is null)
        {
            return (null, services.Count == 0 ? $"{deployed.Repository} is the repository of no service here."
                : own?.Service is { } wrong ? $"{wrong} is not a service of {deployed.Repository} here."
                : $"{deployed.Repository} is the repository of {string.Join(", ", services)}: say which in the deployment's payload, opsconsole.service.");
        }

        if ((own?.Target is { } target && target != hook.Target) || (own?.Environment is { } environment && environment != hook.Environment))
        {
            return (null, $"This hook is for {hook.Target}, {hook.Environment}, and the deployment's payload says {own.Target ?? hook.Target}, {own.Environment ?? hook.Environment}.");
        }

        if ((own?.Version ?? GitHubRef.VersionOf(hook.Ref, deployed.Ref, deployed.Sha)) is not { } version)
        {
            return (null, $"{deployed.Ref} is not of the form {hook.Ref}, so it tells no version; say it in the deployment's payload, opsconsole.version.");
        }

        if (own?.Artifact is { Commit: { } commit } && commit != deployed.Sha)
        {
            return (null, $"The deployment is of the commit {deployed.Sha}, and its payload says {commit}.");
        }

        // Without the digest of what was built, what is deployed is the commit, and nothing else is known of it.
        var artifact = own?.Artifact is { } given ? given with { Digest = given.Digest ?? DigestOf(deployed), Commit = deployed.Sha } : new Artifact(DigestOf(deployed), deployed.Sha, null, null);
        var plain = own ?? new ReleaseRegistration { Service = service, Target = hook.Target!, Environment = hook.Environment!, Version = version, Artifact = artifact, Owner = hook.Owner! };
        return (plain with
        {
            Service = service,
            Target = hook.Target!,
            Environment = hook.Environment!,
            Version = version,
            Artifact = artifact,
            Owner = own?.Owner ?? hook.Owner!,
            PolicyName = own?.PolicyName ?? (own?.Policy is null ? hook.Policy : null),
        }, null);
    }

    /// <summary>With the version that everybody has, which is the way back, where the deployment does not name it; and where the change is to be seen.</summary>
    private static ReleaseRegistration WithServing(ReleaseRegistration registration, GitHubDeployed deployed, ServingVersion? serving)
    {
        var links = registration.Links ?? ReleaseLinks.None;
        var before = registration.PreviousVersion is { } named ? (named == serving?.Version ? serving : null) : serving?.Version == registration.Version ? null : serving;
        return registration with
        {
            PreviousVersion = registration.PreviousVersion ?? before?.Version,
            PreviousDigest = registration.PreviousDigest ?? before?.Digest,
            Links = links with
            {
                Deployment = deployed.Identity,
                Commit = links.Commit ?? $"{deployed.Address}/commit/{deployed.Sha}",
                Diff = links.Diff ?? (before?.Commit is { Length: 40 } from ? $"{deployed.Address}/compare/{from}...{deployed.Sha}" : null),
            },
        };
    }

    private async Task<bool> IsSameAsync(Guid id, ReleaseRegistration registration, CancellationToken cancellationToken) =>
        await releases.FindAsync(id, cancellationToken) is { } there && there.Version == registration.Version && there.Phase.IsLive();

    private static string DigestOf(GitHubDeployed deployed) => $"gitcommit:{deployed.Sha}";
}
