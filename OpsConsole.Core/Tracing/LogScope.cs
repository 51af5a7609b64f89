namespace OpsConsole.Core.Tracing;

/// <summary>What every log line carries that is written within a scope, by name.</summary>
public sealed class LogScope : List<KeyValuePair<string, object?>>
{
    /// <param name="name">What it is.</param>
    /// <param name="value">The value.</param>
    public LogScope(string name, object? value) => Add(new(name, value));

    /// <param name="values">By name.</param>
    public LogScope(IEnumerable<KeyValuePair<string, object?>> values)
        : base(values)
    {
    }

    /// <summary>While a release is worked on.</summary>
    public static LogScope OfRelease(Guid id) => new("ReleaseId", id);

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', this.Select(v => $"{v.Key}:{v.Value}"));
}
