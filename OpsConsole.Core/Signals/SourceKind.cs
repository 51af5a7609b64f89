using OpsConsole.Core.Connections;

namespace OpsConsole.Core.Signals;

/// <summary>A kind of source that the console can read.</summary>
/// <param name="Name">As bindings name it.</param>
/// <param name="Faults">What is wrong with a binding of this kind beyond what holds for all, one sentence each.</param>
/// <param name="Create">Makes the source of a binding without faults.</param>
public sealed record SourceKind(string Name, Func<SourceBinding, IEnumerable<string>> Faults, Func<SourceBinding, ISignalSource> Create)
{
    /// <summary>What it needs to be told beside the address.</summary>
    public IReadOnlyList<ConnectionSetting> Settings { get; init; } = [];

    /// <summary>False for what is not read at an address of its own.</summary>
    public bool HasAddress { get; init; } = true;

    /// <summary>Where it is read unless the binding says otherwise; null: the binding has to say.</summary>
    public Uri? DefaultAddress { get; init; }

    /// <summary>True where the source is asked for one version by itself, so that a binding may follow releases without naming the version's place.</summary>
    public bool TellsVersions { get; init; }

    /// <summary>What the rule <c>measure</c> may name; empty where it is not taken.</summary>
    public IReadOnlyList<SourceMeasure> Measures { get; init; } = [];

    /// <summary>The measure that a rule names; null where the source has none of that name.</summary>
    /// <param name="name">As the rule has it: where the measure is of a metric, with the metric's name behind a colon.</param>
    public SourceMeasure? Measure(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Measures.FirstOrDefault(m => m.OfMetric ? name.Length > m.Name.Length + 1 && name.StartsWith(m.Name + ':', StringComparison.Ordinal) : m.Name == name);
    }

    /// <summary>How old the newest sound value of a rule is by nature at most: what is counted late, or in whole days, is old when it is there first.</summary>
    public Func<SourceBinding, SignalRule, TimeSpan> UsualDelay { get; init; } = static (_, _) => TimeSpan.Zero;

    /// <summary>True where values come when somebody sends them, and not because they are read.</summary>
    public bool IsSentTo { get; init; }

    /// <summary>Shortest time between two reads that the source puts up with.</summary>
    public TimeSpan ShortestInterval { get; init; } = SourceCatalog.ShortestInterval;

    /// <summary>Time between two reads where none is set.</summary>
    public TimeSpan DefaultInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time limit of one read where none is set.</summary>
    public TimeSpan DefaultTimeout { get; init; } = TimeSpan.FromSeconds(3);
}

/// <summary>Something that a source measures by itself.</summary>
/// <param name="Name">As the rule <c>measure</c> names it.</param>
/// <param name="Unit">The unit of its value.</param>
/// <param name="Sentence">What it means, for people.</param>
public sealed record SourceMeasure(string Name, SignalUnit Unit, string Sentence)
{
    /// <summary>True where there is one of it for each metric that somebody named over there: a rule then says which behind a colon, <c>value:success-rate</c>.</summary>
    public bool OfMetric { get; init; }

    /// <summary>Its name as a rule has it, with a place for the metric's.</summary>
    public string Form => OfMetric ? $"{Name}:<metric>" : Name;
}
