using OpsConsole.Core.Signals;
using OpsConsole.Web.Jobs;

namespace OpsConsole.Web.Connections;

/// <summary>A signal of a source, as pages and the API show it.</summary>
/// <param name="Health">What was read of it.</param>
/// <param name="Standing">How it stands now.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Unit">Unit of its values.</param>
/// <param name="Observations">How many observations are behind the newest value, in words; empty where it is a single look.</param>
/// <param name="Sentence">What there is to say of it; empty where the value says it all.</param>
public sealed record FoundSignal(SignalHealth Health, SignalStanding Standing, string Title, SignalUnit Unit, string Observations, string Sentence)
{
    /// <summary>Its name as sources and policies write it.</summary>
    public string Key => Health.Signal.Value;

    /// <summary>The newest value with its unit; a dash without one.</summary>
    public string Value => SignalText.Value(Health.Value, Unit);

    /// <summary>Series that the last read found; null where the source has none or was not read.</summary>
    public int? Series => Health.Last?.Series;

    /// <summary>Points of them that were read; null where it is not known.</summary>
    public int? Points => Health.Last?.Points;
}

/// <summary>A source, as pages and the API show it.</summary>
/// <param name="Binding">What is read.</param>
/// <param name="Status">How the reading goes; null of one that follows releases: it is read once for each version.</param>
/// <param name="Standing">How it stands now: as its worst signal does.</param>
/// <param name="Sentence">That in words.</param>
/// <param name="Signals">Each of its signals.</param>
public sealed record SourceView(SourceBinding Binding, SourceStatus? Status, SignalStanding Standing, string Sentence, IReadOnlyList<FoundSignal> Signals)
{
    /// <summary>Its key.</summary>
    public string Key => Binding.Key;

    /// <summary>Host and port that it is read at; null where it is not read at an address. The rest of an address may hold a secret.</summary>
    public string? Host => Binding.Address?.Authority;

    /// <summary>Keys of what is read for each version, of one that follows releases.</summary>
    public IReadOnlyList<SourceView> ReadAs { get; init; } = [];

    /// <summary>What went wrong last, while it does; of one that follows releases what the version that fails the longest says.</summary>
    public string? LastError => Status is null ? Worst is { } worst ? $"{worst.Binding.Version}: {worst.LastError}" : null : Status.LastError;

    /// <summary>Failed reads in a row; likewise.</summary>
    public int ConsecutiveErrors => Status?.ConsecutiveErrors ?? Worst?.ConsecutiveErrors ?? 0;

    private SourceView? Worst => ReadAs.Where(r => r.LastError is not null).MaxBy(r => r.ConsecutiveErrors);

    /// <summary>Key of the binding that it was made from for one version; null where it stands for itself.</summary>
    public string? MadeFrom { get; init; }
}

/// <summary>How standings are named and drawn.</summary>
public static class SignalStandings
{
    /// <summary>Name of its icon and of its colours.</summary>
    public static string Slug(this SignalStanding standing) => standing switch
    {
        SignalStanding.Failing => "error",
        SignalStanding.Missing => "missing",
        SignalStanding.Stale => "stale",
        SignalStanding.Awaited => "running",
        _ => "pass",
    };

    /// <summary>The one word for it.</summary>
    public static string Word(this SignalStanding standing) => standing switch
    {
        SignalStanding.Failing => "failing",
        SignalStanding.Missing => "nothing found",
        SignalStanding.Stale => "stale",
        SignalStanding.Awaited => "not read yet",
        _ => "fresh",
    };
}
