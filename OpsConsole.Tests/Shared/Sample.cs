using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Switches;

namespace OpsConsole.Tests.Shared;

/// <summary>Releases, actions and the like for tests, unlike each other only where a test says so.</summary>
internal static class Sample
{
    /// <summary>Noon of a day; ends in part of a microsecond, which no database keeps.</summary>
    public static readonly DateTimeOffset Noon = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).AddTicks(1_234_567);

    public static Release Release(
        string service = "shop", string version = "2.15.0", string target = "gateway", string environment = "production", DateTimeOffset? at = null, string? author = null, string? owner = null, Guid? fixes = null) => new()
        {
            Id = Guid.CreateVersion7(at ?? Noon),
            Service = service,
            Target = target,
            Environment = environment,
            Version = version,
            PreviousVersion = "2.14.3",
            Artifact = new Artifact("sha256:9f86d081", "c0ffee12", Noon.AddHours(-1), "https://build.example/provenance"),
            Owner = owner ?? "commerce",
            Author = author,
            SwitchKey = "personal-recommendations",
            FixesReleaseId = fixes,
            Migration = MigrationClass.Expand,
            Links = new ReleaseLinks("https://git.example/c0ffee12", null, "https://traces.example/", null, null),
            Stages = [new Stage(5, TimeSpan.FromMinutes(10)), new Stage(100, TimeSpan.Zero)],
            Signals = [KnownSignals.Find("http_5xx_rate")!, KnownSignals.Find("checkout_success_rate")!],
            RegisteredAt = at ?? Noon,
        };

    public static ReleaseAction Action(Release? release, ActionVerb verb = ActionVerb.Promote, string? switchKey = null, DateTimeOffset? at = null, string? target = null) => new()
    {
        Id = Guid.CreateVersion7(at ?? Noon),
        Verb = verb,
        ReleaseId = release?.Id,
        SwitchKey = switchKey,
        Target = target ?? release?.Target,
        RequestedBy = "anna",
        Role = "OnCall",
        Reason = "because",
        EvidenceJson = "{}",
        EvidenceSeal = new string('a', 64),
        RequestedAt = at ?? Noon,
    };

    public static AuditEntry Audit(string subject = "release:1", string actor = "anna", string happened = "promote", string outcome = "intent", DateTimeOffset? at = null) => new()
    {
        At = at ?? Noon, Actor = actor, Role = "OnCall", Event = happened, Subject = subject, SubjectTitle = "shop 2.15.0", Outcome = outcome,
    };

    public static ReleaseEvent Event(Guid release, ReleaseEventKind kind = ReleaseEventKind.ActionRequested, DateTimeOffset? at = null) =>
        new() { ReleaseId = release, Kind = kind, At = at ?? Noon, Text = "something happened", Actor = "anna" };

    public static KillSwitch Switch(string key = "personal-recommendations") =>
        new() { Key = key, Owner = "commerce", TurnsOff = "personal recommendations in the shop", ChangedAt = Noon };
}
