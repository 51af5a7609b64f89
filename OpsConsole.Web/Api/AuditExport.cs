using System.Text.Json;
using OpsConsole.Core.Audit;

namespace OpsConsole.Web.Api;

/// <summary>The audit with its chain, a JSON object a line: everything that is needed to verify it elsewhere. Written as it is read, so that its size takes no memory.</summary>
internal sealed class AuditExport(IAuditChainStore chain)
{
    public const string ContentType = "application/x-ndjson";

    private const int Page = 500;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>One place of the chain; the line's own fields are null where it is not there any more.</summary>
    public sealed record Row(
        long Sequence, string Hash, Guid Key, DateTimeOffset? At, string? Actor, string? Role, string? Event, string? Subject, string? SubjectTitle, string? Outcome,
        string? Reason, string? Detail, Guid? ActionId, string? EvidenceSeal)
    {
        public static Row From(ChainedLine c) => new(
            c.Link.Sequence, c.Link.Hash, c.Link.LineKey, c.Line?.At, c.Line?.Actor, c.Line?.Role, c.Line?.Event, c.Line?.Subject, c.Line?.SubjectTitle, c.Line?.Outcome,
            c.Line?.Reason, c.Line?.Detail, c.Line?.ActionId, c.Line?.EvidenceSeal);

        public ChainedLine ToLine() => new(
            new AuditLink { Sequence = Sequence, LineKey = Key, Hash = Hash },
            At is not { } at ? null : new AuditEntry
            {
                At = at, Actor = Actor!, Role = Role!, Event = Event!, Subject = Subject!, SubjectTitle = SubjectTitle!, Outcome = Outcome!,
                Reason = Reason, Detail = Detail, ActionId = ActionId, EvidenceSeal = EvidenceSeal,
            });
    }

    /// <summary>Writes what stands after a place, up to the end.</summary>
    public async Task WriteAsync(long after, Stream to, CancellationToken cancellationToken)
    {
        while (await chain.ReadAsync(after, Page, cancellationToken) is { Count: > 0 } links)
        {
            foreach (var link in links)
            {
                await JsonSerializer.SerializeAsync(to, Row.From(link), Json, cancellationToken);
                await to.WriteAsync("\n"u8.ToArray(), cancellationToken);
            }

            await to.FlushAsync(cancellationToken);
            after = links[^1].Link.Sequence;
        }
    }

    /// <summary>Follows the chain of an exported audit from its first line.</summary>
    /// <exception cref="InvalidDataException">A line is no line of an export.</exception>
    public static async Task<AuditReport> VerifyAsync(TextReader export, DateTimeOffset at, CancellationToken cancellationToken)
    {
        // Its last line is all that an export says of its end, so the whole is followed up to that.
        var rows = new List<Row>();
        while (await export.ReadLineAsync(cancellationToken) is { } line)
        {
            rows.Add(Parse(line) ?? throw new InvalidDataException($"Line {rows.Count + 1} is no line of an exported audit."));
        }

        if (rows.Count == 0)
        {
            throw new InvalidDataException("There is no line in it.");
        }

        var verification = new AuditVerification(rows is [.., var last] ? new AuditHead { Sequence = last.Sequence, Hash = last.Hash } : new AuditHead(), []);
        rows.ForEach(r => verification.Take(r.ToLine()));
        return verification.End([], at);
    }

    private static Row? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Row>(line, Json) is { Sequence: > 0, Hash.Length: 64 } row ? row : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
