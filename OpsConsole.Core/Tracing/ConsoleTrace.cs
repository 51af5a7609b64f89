using System.Diagnostics;

namespace OpsConsole.Core.Tracing;

/// <summary>Spans of the console: the gate, an action, calls to a target, reads of a source, and the record. They cost nothing while nobody listens.</summary>
/// <remarks>Names of attributes follow the semantic conventions of OpenTelemetry where these have one; the console's own begin with <c>opsconsole</c>.</remarks>
public static class ConsoleTrace
{
    /// <summary>Name of the source.</summary>
    public const string SourceName = "OpsConsole";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Begins a span; null while nobody listens.</summary>
    public static Activity? Begin(string name, ActivityKind kind = ActivityKind.Internal) => Source.StartActivity(name, kind);

    /// <summary>Begins the span of something that nobody outside asked for. It has a trace id for the log also while nobody listens.</summary>
    public static Activity BeginRun(string name) => Source.StartActivity(name) ?? new Activity(name).Start();

    /// <summary>Marks a span as failed.</summary>
    /// <param name="span">The span, if there is one.</param>
    /// <param name="kind">What failed, one of few: an exception's type, or a word.</param>
    /// <param name="why">The reason in words.</param>
    public static void Fail(this Activity? span, string kind, string? why = null)
    {
        span?.SetTag("error.type", kind);
        span?.SetStatus(ActivityStatusCode.Error, why);
    }
}
