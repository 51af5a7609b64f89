using System.Globalization;
using OpsConsole.Core.Signals;

namespace OpsConsole.Web.Jobs;

/// <summary>Reads a synthetic check of a source as configured.</summary>
internal sealed class CheckSection(List<string> noted) : FaultySection(noted)
{
    private static readonly string[] Keys =
        ["Method", "Path", "Body", "ContentType", "Headers", "Status", "Contains", "Matches", "Success", "Failure", "LatencyLimit", "FollowRedirects"];

    /// <summary>The check, or null where the entry has faults, which are noted.</summary>
    public HttpCheck? Read(IConfigurationSection entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var before = Noted.Count;
        RefuseUnknown(entry, Keys);
        if (!Enum.TryParse<HttpCheckMethod>(entry["Method"] ?? nameof(HttpCheckMethod.Get), ignoreCase: true, out var method) || !Enum.IsDefined(method))
        {
            Fault(entry, "Method", "is none of GET, HEAD and POST");
        }

        var follow = false;
        if (entry["FollowRedirects"] is { } text && !bool.TryParse(text, out follow))
        {
            Fault(entry, "FollowRedirects", "is neither true nor false");
        }

        var status = Status(entry);
        var limit = entry["LatencyLimit"] is null ? (TimeSpan?)null : Duration(entry, "LatencyLimit", default);
        return Noted.Count > before ? null : new HttpCheck
        {
            Name = entry.Key,
            Method = method,
            Path = entry["Path"] ?? "/",
            Body = entry["Body"],
            ContentType = entry["ContentType"] ?? "application/json",
            Headers = entry.GetSection("Headers").GetChildren().ToDictionary(h => h.Key, h => h.Value ?? ""),
            Status = status,
            Contains = entry["Contains"],
            Matches = entry["Matches"],
            Success = entry["Success"],
            Failure = entry["Failure"],
            LatencyLimit = limit,
            FollowRedirects = follow,
        };
    }

    private List<StatusRange> Status(IConfigurationSection entry)
    {
        var ranges = new List<StatusRange>();
        foreach (var part in (entry["Status"] ?? "200-299").Split(',', StringSplitOptions.TrimEntries))
        {
            var ends = part.Split('-', 2, StringSplitOptions.TrimEntries);
            if (int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var from) && int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var to))
            {
                ranges.Add(new(from, to));
            }
            else
            {
                Fault(entry, "Status", "is not a list of codes and ranges such as 200-299,304");
                break;
            }
        }

        return ranges;
    }
}
