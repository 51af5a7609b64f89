using OpsConsole.Core.Catalog;
using OpsConsole.Core.Connections;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Slos;

/// <summary>What the definition of an objective must be like. Finds every fault at once.</summary>
public static class SloRules
{
    private const int MaxTitle = 120;
    private const int MaxWhy = 1000;
    private const int MaxLink = 2048;

    /// <summary>Most digits after the point: five nines and one more.</summary>
    private const int MostDecimals = 4;

    /// <summary>Every fault; empty when the objective can be built.</summary>
    public static IReadOnlyList<SloFault> Faults(string name, SloDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return [.. Names(name, definition), .. Sli(definition), .. Words(definition)];
    }

    /// <summary>The objective of a definition without faults.</summary>
    public static Slo Build(string name, SloDefinition definition, string by, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return new Slo
        {
            Name = name,
            Title = definition.Title!,
            Service = definition.Service!,
            Environment = definition.Environment!,
            Target = definition.Target,
            Owner = definition.Owner!,
            Signal = new SignalKey(definition.Signal!),
            Share = definition.Share!.Value,
            ObjectivePercent = definition.ObjectivePercent!.Value,
            Period = BurnRateWindows.ParsePeriod(definition.Period)!.Value,
            Why = definition.Why!,
            Links = new SloLinks(definition.Runbook, definition.Dashboard),
            ChangedAt = now,
            ChangedBy = by,
        };
    }

    private static IEnumerable<SloFault> Names(string name, SloDefinition d)
    {
        (string Path, string? Value, bool Optional)[] names =
            [("name", name, false), ("service", d.Service, false), ("environment", d.Environment, false), ("target", d.Target, true), ("owner", d.Owner, false)];
        return names.Where(n => !(n.Optional && n.Value is null) && !CatalogName.IsValid(n.Value)).Select(n => new SloFault(n.Path, $"Must be {CatalogName.Form}."));
    }

    private static IEnumerable<SloFault> Sli(SloDefinition d)
    {
        if (!SignalKey.IsValid(d.Signal))
        {
            yield return new("signal", "Must be the key of a ratio signal: 1 to 64 lower-case letters, digits and underscores, beginning with a letter.");
        }
        else if (KnownSignals.Find(d.Signal!) is { Unit: not SignalUnit.Percent } known)
        {
            yield return new("signal", $"{d.Signal} ({known.Title}) is no ratio of events; give one whose unit is percent.");
        }

        if (d.Share is not { } share || !Enum.IsDefined(share))
        {
            yield return new("share", "Must be good or bad: say what the signal's percent counts.");
        }

        if (d.ObjectivePercent is not (> 0 and < 100))
        {
            yield return new("objectivePercent", "Must be above 0 and below 100: an objective of 100 leaves no budget at all.");
        }
        else if (decimal.Round(d.ObjectivePercent.Value, MostDecimals) != d.ObjectivePercent)
        {
            yield return new("objectivePercent", $"May have at most {MostDecimals} digits after the point.");
        }

        if (BurnRateWindows.ParsePeriod(d.Period) is null)
        {
            yield return new("period", BurnRateWindows.PeriodSentence);
        }
    }

    private static IEnumerable<SloFault> Words(SloDefinition d)
    {
        (string Path, string? Value, int Most, string What)[] texts =
            [("title", d.Title, MaxTitle, "say in a few words what is promised"), ("why", d.Why, MaxWhy, "say why it matters, since every alert carries it")];
        foreach (var (path, value, most, what) in texts)
        {
            if (string.IsNullOrWhiteSpace(value) || value.Length > most || value.Any(char.IsControl))
            {
                yield return new(path, $"Must be 1 to {most} characters without control characters: {what}.");
            }
        }

        (string Path, string? Value)[] links = [("runbook", d.Runbook), ("dashboard", d.Dashboard)];
        foreach (var (path, value) in links)
        {
            if (value is not null && !IsLink(value))
            {
                yield return new(path, $"Must be an absolute http or https address of at most {MaxLink} characters, or left out.");
            }
            else if (WebAddress.HasCredential(value))
            {
                yield return new(path, WebAddress.LinkSentence);
            }
        }
    }

    private static bool IsLink(string link) =>
        link.Length <= MaxLink && Uri.TryCreate(link, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);
}
