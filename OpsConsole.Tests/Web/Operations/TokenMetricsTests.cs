using System.Diagnostics.Metrics;
using OpsConsole.Core.Access;
using OpsConsole.Core.Access.Tokens;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Operations;

namespace OpsConsole.Tests.Web.Operations;

public sealed class TokenMetricsTests
{
    private readonly FakeTime _time = new();

    [Fact]
    public void Tokens_that_count_are_counted_and_the_next_end_is_told()
    {
        var now = _time.GetUtcNow();
        IReadOnlyList<KnownServiceToken> tokens = [Token(now.AddDays(90)), Token(now.AddDays(13)), Token(now.AddMinutes(5), shortLived: true), Token(now.AddMinutes(6), shortLived: true)];

        Assert.Equal(
            ["service valid 1", "service expiring 1", "short_lived valid 2", "flags valid 3"],
            TokenMetrics.Count(tokens, 3, now).Select(m => $"{Tag(m, "kind")} {Tag(m, "state")} {m.Value}"));
        Assert.Equal(TimeSpan.FromDays(13).TotalSeconds, Assert.Single(TokenMetrics.Next(tokens, now)).Value);
        Assert.Empty(TokenMetrics.Next([], now));
    }

    private static KnownServiceToken Token(DateTimeOffset ends, bool shortLived = false) => new(Guid.NewGuid(), "ci", ScopeText.Read(["*:releases:register"]).Scope!, ends, null, shortLived);

    private static object? Tag(Measurement<int> of, string name) => of.Tags.ToArray().Single(t => t.Key == name).Value;
}
