using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace OpsConsole.Tests.Web.Operations.Edge;

/// <summary>Keeps what was logged, as text.</summary>
internal sealed class KeptLog : ILoggerProvider
{
    private const int Most = 20_000;

    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyList<string> Lines => [.. _lines];

    public ILogger CreateLogger(string categoryName) => new Kept(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Kept(KeptLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            log._lines.Enqueue($"{logLevel} {category}: {formatter(state, exception)} {exception}");
            while (log._lines.Count > Most)
            {
                log._lines.TryDequeue(out _);
            }
        }
    }
}
