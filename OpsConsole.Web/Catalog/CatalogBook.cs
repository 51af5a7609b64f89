using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Policies;

namespace OpsConsole.Web.Catalog;

/// <summary>The catalogue as it stands here: looks at the folder and at what was applied, and applies.</summary>
internal sealed class CatalogBook(
    CatalogFolder folder,
    CatalogReader reader,
    CatalogConnections connections,
    ICatalogStore store,
    IPolicyStore library,
    IOperatorRoles roles,
    IOptions<CatalogOptions> options,
    TimeProvider time,
    ILogger<CatalogBook> log) : IDisposable
{
    private const int LongestSummary = 4_000;
    private const string What = "apply changes of the catalogue";

    private static readonly Operator Console = new(Operator.ConsoleRole, Role.Admin, IsService: true) { IsConsole = true };

    private readonly SemaphoreSlim _one = new(1, 1);
    private string? _settled;
    private HashSet<string>? _policies;
    private ConnectedBesides _besides = ConnectedBesides.Nothing;

    /// <summary>How it stands since the last look.</summary>
    public CatalogStanding Standing { get; private set; } = new();

    /// <summary>Where the files are.</summary>
    public string Folder => folder.Path;

    /// <summary>Looks at the folder and at what was applied, here or at another console, and brings the latter into force.</summary>
    /// <exception cref="RecordUnavailableException">The record is away; what was in force stays so.</exception>
    public async Task<CatalogStanding> LookAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            await LookAloneAsync(cancellationToken);
            await ApplyAtOnceAsync(cancellationToken);
            return Standing;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Applies what waits, all of it or nothing.</summary>
    /// <param name="seen">What <see cref="CatalogStanding.Seen"/> said when it was looked at.</param>
    /// <param name="by">Who applies it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<RecordAnswer<CatalogVersion>> ApplyAsync(string? seen, Operator by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(by);
        try
        {
            var held = await roles.HeldInAsync(by, null, cancellationToken);
            if (MayNotRefusal.Of(held, Permission.CatalogWrite, What).ToList() is { Count: > 0 } barred)
            {
                return new RecordAnswer<CatalogVersion>.Refused(barred);
            }

            await _one.WaitAsync(cancellationToken);
            try
            {
                await LookAloneAsync(cancellationToken);
                return await ApplyAloneAsync(seen, by.Name, held!.RecordedRole, cancellationToken);
            }
            finally
            {
                _one.Release();
            }
        }
        catch (RecordUnavailableException)
        {
            return new RecordAnswer<CatalogVersion>.Unavailable("The record cannot be written now, so nothing was applied; try again in a minute.");
        }
    }

    /// <summary>What the folder would come to with one more file, and what that would change.</summary>
    public CatalogStanding With(CatalogFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var now = Standing;
        return Compared(now, reader.Read([.. now.Found.Files.Where(f => f.Name != file.Name), file], [], _policies, _besides, now.InForce, now.Found), missing: null);
    }

    /// <summary>Writes the file of a new service and applies it, where nothing else waits.</summary>
    /// <returns>Why it is not written, as a sentence; or what came of applying it.</returns>
    /// <exception cref="RecordUnavailableException">The record is away; nothing was written.</exception>
    public async Task<(string? NotWritten, RecordAnswer<CatalogVersion>? Applied)> AddAsync(CatalogFile file, Operator by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);
        var held = await roles.HeldInAsync(by, null, cancellationToken);
        if (MayNotRefusal.Of(held, Permission.CatalogWrite, "add services to the catalogue").ToList() is { Count: > 0 } barred)
        {
            return (barred[0].Sentence, null);
        }

        if ((await LookAsync(cancellationToken)).KeepsOut is { } keepsOut)
        {
            return (keepsOut, null);
        }

        if (With(file).Found.Faults.FirstOrDefault(f => f.File == file.Name || !Standing.Found.Faults.Contains(f)) is { } fault)
        {
            return (fault.Sentence, null);
        }

        if (await folder.AddAsync(file, cancellationToken) is { } why)
        {
            return (why, null);
        }

        var now = await LookAsync(cancellationToken);
        if (now.Found.Files.FirstOrDefault(f => f.Name == file.Name)?.Text != file.Text)
        {
            // Others write to the folder too: only what was shown is applied.
            return (null, new RecordAnswer<CatalogVersion>.Refused([new CatalogChangedRefusal()]));
        }

        var service = file.Name[..^CatalogFile.Ending.Length];
        return now.Waiting.Any(c => c.Service != service)
            ? (null, new RecordAnswer<CatalogVersion>.Refused([new OthersWaitRefusal()]))
            : (null, await ApplyAsync(now.Seen, by, cancellationToken));
    }

    public void Dispose() => _one.Dispose();

    private async Task LookAloneAsync(CancellationToken cancellationToken)
    {
        var before = Standing;
        var files = await folder.ReadAsync(cancellationToken);
        var number = await store.NumberAsync(cancellationToken);
        var (known, policies) = (_policies, (await library.ListAsync(cancellationToken)).Select(p => p.Name).ToHashSet(StringComparer.Ordinal));
        var isNew = number != (before.Applied?.Number ?? 0);
        var besides = connections.Besides();
        var moved = !besides.IsSame(_besides);
        var now = isNew && await store.LatestAsync(cancellationToken) is { } version
            ? before with { Applied = Head(version), InForce = reader.Read(version.Files, [], policies: null, besides) }
            : moved ? before with { InForce = reader.Read(before.InForce.Files, [], policies: null, besides) }
            : before;
        var unconnected = await connections.TakeUpAsync(now.InForce.Parts, cancellationToken);
        foreach (var fault in unconnected.Except(before.Unconnected))
        {
            log.LogError("Of the catalogue's version {Version}: {Fault}", now.Applied?.Number, fault.Sentence);
        }

        (_policies, _besides) = (policies, besides);
        var same = !isNew && !moved && before.LookedAt is not null && before.Missing == files.Missing && known?.SetEquals(policies) == true
            && before.Found.Digest == CatalogContent.DigestOf(files.Files) && before.Found.Faults.Where(f => f.Line == 0).SequenceEqual(files.Faults);
        Standing = (same ? now : Compared(now, files.Missing is null ? reader.Read(files.Files, files.Faults, policies, besides, now.InForce, before.Found) : CatalogContent.Empty, files.Missing)) with { Unconnected = unconnected, LookedAt = time.GetUtcNow() };
    }

    /// <summary>What differs. A file that cannot be read is taken to say what it said before, so that a slip in it does not look like a removal.</summary>
    private static CatalogStanding Compared(CatalogStanding now, CatalogContent found, string? missing)
    {
        var unread = now.InForce.Services.Where(s => found.Faults.Any(f => CatalogFile.IsMeantFor(f.File, s.Name)) && found.Services.All(o => o.Name != s.Name));
        var waiting = missing is null ? CatalogDiff.Between(now.InForce.Services, found.Services.Concat(unread)) : [];
        return now with
        {
            Found = found,
            Missing = missing,
            Waiting = waiting,
            Seen = waiting.Count > 0 && found.Faults.Count == 0 ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{now.Applied?.Number ?? 0} {found.Digest}"))) : null,
        };
    }

    /// <summary>What is written while it is read looks sound at times: it has to look the same twice. What would take a service away is left to a person.</summary>
    private async Task ApplyAtOnceAsync(CancellationToken cancellationToken)
    {
        var (seen, settled) = (Standing.Seen, _settled);
        _settled = seen;
        if (options.Value.Apply != CatalogApply.AtOnce || seen is null || seen != settled || Standing.TakesService)
        {
            return;
        }

        if (await ApplyAloneAsync(seen, Console.Name, Console.RecordedRole, cancellationToken) is RecordAnswer<CatalogVersion>.Refused refused)
        {
            log.LogWarning("The catalogue is not applied yet: {Why}", string.Join(' ', refused.Refusals.Select(r => r.Sentence)));
        }
    }

    private async Task<RecordAnswer<CatalogVersion>> ApplyAloneAsync(string? seen, string by, string role, CancellationToken cancellationToken)
    {
        var standing = Standing;
        if (await AgainstAsync(standing, seen, cancellationToken) is { Count: > 0 } refusals)
        {
            return new RecordAnswer<CatalogVersion>.Refused(refusals);
        }

        var now = time.GetUtcNow();
        var summary = string.Join('\n', standing.Waiting.Select(c => c.Sentence + (c.Details.Count > 0 && c.Kind == CatalogChangeKind.Changed ? $" ({string.Join("; ", c.Details)})" : "")));
        var version = new CatalogVersion
        {
            Number = (standing.Applied?.Number ?? 0) + 1,
            Files = standing.Found.Files,
            Digest = standing.Found.Digest,
            AppliedBy = by,
            AppliedAt = now,
            Summary = summary.Length <= LongestSummary ? summary : summary[..(LongestSummary - 1)] + "…",
        };
        var line = new AuditEntry
        {
            At = now, Actor = by, Role = role, Event = "catalog.apply", Subject = "catalog", SubjectTitle = $"catalogue, version {version.Number}", Outcome = "done",
            Detail = $"{version.Summary}\nDigest {version.Digest}.",
        };
        if (!await store.AddAsync(version, line, cancellationToken))
        {
            return new RecordAnswer<CatalogVersion>.Refused([new CatalogChangedRefusal()]);
        }

        log.LogInformation("The catalogue is applied as version {Version} by {By}", version.Number, by);
        try
        {
            await LookAloneAsync(cancellationToken);
        }
#pragma warning disable CA1031 // It is applied, whatever comes after; the next look brings it into force.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            log.LogError(e, "Version {Version} of the catalogue is applied, and not in force here yet.", version.Number);
        }

        return new RecordAnswer<CatalogVersion>.Done(version);
    }

    private async Task<IReadOnlyList<Refusal>> AgainstAsync(CatalogStanding standing, string? seen, CancellationToken cancellationToken) =>
        standing.Missing is { } missing ? [new CatalogFolderRefusal(missing)]
        : standing.Found.Faults.Count > 0 ? [new CatalogFaultyRefusal(standing.Found.Faults)]
        : standing.Waiting.Count == 0 ? [new NothingToApplyRefusal()]
        : seen != standing.Seen ? [new CatalogChangedRefusal()]
        : [.. (await connections.BusyAsync(standing.Found.Parts, cancellationToken)).Select(why => new TargetBusyRefusal(why))];

    private static CatalogHead Head(CatalogVersion version) => new(version.Number, version.Digest, version.AppliedBy, version.AppliedAt, version.Summary);
}
