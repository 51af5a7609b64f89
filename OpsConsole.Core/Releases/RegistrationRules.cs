using System.Globalization;
using System.Text.RegularExpressions;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Connections;
using OpsConsole.Core.Policies;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Releases;

/// <summary>What a registration must be like. Finds every fault at once, so that a pipeline is corrected in one go.</summary>
public static partial class RegistrationRules
{
    public const int MaxStages = 20;

    private const int MaxPersonLength = 128;
    private const int MaxLinkLength = 2048;
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(5);

    internal static readonly Stage[] DefaultStages =
    [
        new(5, TimeSpan.FromMinutes(10)), new(25, TimeSpan.FromMinutes(20)), new(50, TimeSpan.FromMinutes(20)), new(100, TimeSpan.Zero),
    ];

    /// <summary>Every fault; empty when the registration can be built.</summary>
    public static IReadOnlyList<RegistrationFault> Faults(ReleaseRegistration registration, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(registration);
        return
        [
            .. Names(registration), .. Artifacts(registration, now), .. Links(registration),
            .. Stages(registration.Stages), .. SignalRules.Faults(registration.Signals, registration.PreviousVersion is not null), .. Seconds("watchSeconds", registration.WatchSeconds),
        ];
    }

    /// <summary>The release of a registration without faults.</summary>
    /// <param name="registration">With what its policy adds.</param>
    /// <param name="now">When it is registered.</param>
    /// <param name="policy">Its policy, frozen; null for none.</param>
    /// <param name="watched">Signals that the policy names beside those of the registration.</param>
    public static Release Build(ReleaseRegistration registration, DateTimeOffset now, PolicySnapshot? policy = null, IReadOnlyList<SignalDefinition>? watched = null)
    {
        ArgumentNullException.ThrowIfNull(registration);
        return new Release
        {
            Id = Guid.CreateVersion7(now),
            Service = registration.Service,
            Target = registration.Target,
            Environment = registration.Environment,
            Version = registration.Version,
            PreviousVersion = registration.PreviousVersion,
            Artifact = registration.Artifact,
            PreviousDigest = registration.PreviousDigest,
            Owner = registration.Owner,
            Author = registration.Author,
            SwitchKey = registration.SwitchKey,
            FixesReleaseId = registration.Fixes,
            Migration = registration.Migration ?? MigrationClass.None,
            Links = registration.Links ?? ReleaseLinks.None,
            Stages = registration.Stages is { } stages
                ? [.. stages.Select(s => new Stage(s.ExposurePercent, TimeSpan.FromSeconds(s.HoldSeconds!.Value)))]
                : DefaultStages,
            Signals = [.. SignalRules.Build(registration.Signals), .. watched ?? []],
            Policy = policy,
            WatchTime = registration.WatchSeconds is { } watch ? TimeSpan.FromSeconds(watch) : TimeSpan.FromMinutes(10),
            RegisteredAt = now,
        };
    }

    private static IEnumerable<RegistrationFault> Names(ReleaseRegistration r)
    {
        (string Path, string? Value, bool Optional)[] names =
        [
            ("service", r.Service, false), ("target", r.Target, false), ("environment", r.Environment, false), ("owner", r.Owner, false), ("switchKey", r.SwitchKey, true),
        ];
        foreach (var (path, value, optional) in names)
        {
            if (!(optional && value is null) && !CatalogName.IsValid(value))
            {
                yield return new(path, $"Must be {CatalogName.Form}.");
            }
        }

        if (r.Version is null || !VersionForm().IsMatch(r.Version))
        {
            yield return new("version", VersionSentence);
        }

        if (r.PreviousVersion is not null && !VersionForm().IsMatch(r.PreviousVersion))
        {
            yield return new("previousVersion", VersionSentence);
        }
        else if (r.PreviousVersion is not null && r.PreviousVersion == r.Version)
        {
            yield return new("previousVersion", "Must differ from version: it is what people are taken back to.");
        }

        if (r.Author is { } author && (author.Length is 0 or > MaxPersonLength || author.Any(char.IsControl)))
        {
            yield return new("author", $"Must be 1 to {MaxPersonLength} characters without control characters, or left out.");
        }

        if (r.Migration is { } migration && !Enum.IsDefined(migration))
        {
            yield return new("migration", "Must be none, expand, migrate or contract.");
        }
    }

    private static IEnumerable<RegistrationFault> Artifacts(ReleaseRegistration r, DateTimeOffset now)
    {
        if (r.Artifact is not { } artifact)
        {
            yield return new("artifact", "Is missing; give digest and commit.");
            yield break;
        }

        if (!IsDigest(artifact.Digest))
        {
            yield return new("artifact.digest", DigestSentence);
        }

        if (artifact.Commit is null || !CommitForm().IsMatch(artifact.Commit))
        {
            yield return new("artifact.commit", "Must be 1 to 64 letters, digits, '.', '_' or '-'.");
        }

        if (artifact.BuiltAt > now + ClockDifference)
        {
            yield return new("artifact.builtAt", "Lies in the future; check the clock of the build machine.");
        }

        if (artifact.Provenance is { } provenance && LinkFault(provenance) is { } fault)
        {
            yield return new("artifact.provenance", fault);
        }

        if (r.PreviousDigest is not null && !IsDigest(r.PreviousDigest))
        {
            yield return new("previousDigest", DigestSentence);
        }
    }

    private static IEnumerable<RegistrationFault> Links(ReleaseRegistration r)
    {
        if (r.Links is not { } links)
        {
            return [];
        }

        (string Path, string? Value)[] all =
            [("commit", links.Commit), ("diff", links.Diff), ("traces", links.Traces), ("logs", links.Logs), ("dashboard", links.Dashboard), ("deployment", links.Deployment)];
        return all.Select(l => l.Value is { } link && LinkFault(link) is { } fault ? new RegistrationFault($"links.{l.Path}", fault) : null).OfType<RegistrationFault>();
    }

    private static IEnumerable<RegistrationFault> Stages(IReadOnlyList<StageRegistration>? stages)
    {
        if (stages is null)
        {
            yield break;
        }

        if (stages.Count is 0 or > MaxStages)
        {
            yield return new("stages", $"Must have 1 to {MaxStages} stages, or be left out; it has {stages.Count}.");
            yield break;
        }

        double before = 0;
        for (var i = 0; i < stages.Count; i++)
        {
            if (stages[i] is not { } stage)
            {
                yield return new($"stages[{i}]", "Is null; give exposurePercent and holdSeconds.");
                continue;
            }

            if (!(stage.ExposurePercent is > 0 and <= 100))
            {
                yield return new($"stages[{i}].exposurePercent", $"Is {Number(stage.ExposurePercent)}; must be above 0 and at most 100.");
            }
            else if (stage.ExposurePercent <= before)
            {
                yield return new($"stages[{i}].exposurePercent", $"Is {Number(stage.ExposurePercent)}, and the stage before has {Number(before)}; each stage has more than the one before it.");
            }

            before = stage.ExposurePercent;
            if (stage.HoldSeconds is null)
            {
                yield return new($"stages[{i}].holdSeconds", "Say how long the stage is held, 0 for not at all.");
            }

            foreach (var fault in Seconds($"stages[{i}].holdSeconds", stage.HoldSeconds))
            {
                yield return fault;
            }
        }

        if (stages[^1] is { ExposurePercent: not 100 } last)
        {
            yield return new($"stages[{stages.Count - 1}].exposurePercent", $"Is {Number(last.ExposurePercent)}; the last stage must be exactly 100.");
        }
    }

    private static IEnumerable<RegistrationFault> Seconds(string path, double? value)
    {
        if (value is { } seconds && !(seconds >= 0 && seconds <= Longest.TotalSeconds))
        {
            yield return new(path, $"Must be 0 to {Longest.TotalSeconds} seconds (30 days).");
        }
    }

    private static string Number(double value) => value.ToString("0.#########", CultureInfo.InvariantCulture);

    private static bool IsDigest(string? digest) =>
        digest is not null && (digest.StartsWith("sha256:", StringComparison.Ordinal) ? Sha256Form().IsMatch(digest) : DigestForm().IsMatch(digest));

    private static string? LinkFault(string link) =>
        link.Length > MaxLinkLength || !Uri.TryCreate(link, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps) ? LinkSentence
        : WebAddress.HasCredential(uri) ? WebAddress.LinkSentence
        : null;

    private const string VersionSentence = "Must be 1 to 64 letters, digits, '.', '_', '+' or '-', beginning with a letter or digit.";
    private const string DigestSentence = "Must be algorithm:hex in lower case, for example sha256: and 64 hexadecimal digits.";
    private const string LinkSentence = "Must be an absolute http or https address of at most 2048 characters.";

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._+-]{0,63}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex VersionForm();

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,64}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex CommitForm();

    [GeneratedRegex(@"\Asha256:[0-9a-f]{64}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Sha256Form();

    [GeneratedRegex(@"\A[a-z0-9]{2,16}:[0-9a-f]{32,128}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex DigestForm();
}
