using System.Collections.Concurrent;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Gates;

namespace OpsConsole.Web.Connections;

/// <summary>It is being tested already.</summary>
public sealed record TestUnderWayRefusal(string What) : Refusal
{
    public override string Sentence => $"A test of {What} is under way; wait for what it finds.";
}

/// <summary>Too much is being tested at once.</summary>
public sealed record TooManyTestsRefusal(int Most) : Refusal
{
    public override string Sentence => $"{Most} tests are under way, and no more run at once; ask again in a moment.";
}

/// <summary>One test of each thing at a time and few at once, whoever asks, so that nothing outside is asked more than people look.</summary>
internal sealed class TestSlots
{
    /// <summary>Tests at once.</summary>
    public const int Most = 4;

    private readonly ConcurrentDictionary<string, bool> _underWay = new(StringComparer.Ordinal);

    /// <summary>Runs a test, or refuses to.</summary>
    /// <param name="what">What is tested, to follow "a test of".</param>
    /// <param name="test">The test.</param>
    public async Task<RecordAnswer<T>> RunAsync<T>(string what, Func<Task<RecordAnswer<T>>> test)
    {
        if (!_underWay.TryAdd(what, true))
        {
            return new RecordAnswer<T>.Refused([new TestUnderWayRefusal(what)]);
        }

        try
        {
            return _underWay.Count > Most ? new RecordAnswer<T>.Refused([new TooManyTestsRefusal(Most)]) : await test().ConfigureAwait(false);
        }
        finally
        {
            _underWay.TryRemove(what, out _);
        }
    }
}
