using OpsConsole.Tests.Shared;
using OpsConsole.Web.Api.Hooks;

namespace OpsConsole.Tests.Web.Api.Hooks;

public sealed class HubPartsTests
{
    /// <summary>The example of GitHub's documentation.</summary>
    [Fact]
    public void A_signature_is_what_github_computes()
    {
        var signature = new HubSignature("It's a Secret to Everybody");
        const string good = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

        Assert.True(signature.Signs("Hello, World!"u8, good));
        Assert.True(signature.Signs("Hello, World!"u8, good[..7] + good[7..].ToUpperInvariant()));
        Assert.False(signature.Signs("Hello, World."u8, good));
        Assert.False(signature.Signs("Hello, World!"u8, good[7..]));
        Assert.False(signature.Signs("Hello, World!"u8, good + "00"));
        Assert.False(signature.Signs("Hello, World!"u8, null));
    }

    [Theory]
    [InlineData("v{version}", "v2.15.0", "2.15.0")]
    [InlineData("v{version}", "refs/tags/v2.15.0", "2.15.0")]
    [InlineData("release/{version}", "refs/heads/release/7", "7")]
    [InlineData("refs/tags/{version}", "refs/tags/7", "7")]
    [InlineData("{version}-shop", "7-shop", "7")]
    [InlineData("v{version}", "main", null)]
    [InlineData("v{version}", "v", null)]
    [InlineData("{commit}", "main", "f95f852bd8fc")]
    public void A_version_is_told_from_the_ref(string template, string given, string? version) => Assert.Equal(version, GitHubRef.VersionOf(template, given, HubEvents.Sha));

    [Theory]
    [InlineData("v{version}", true)]
    [InlineData("{commit}", true)]
    [InlineData("v", false)]
    [InlineData("{version}{version}", false)]
    [InlineData("", false)]
    public void A_template_has_the_version_in_it_once(string template, bool good) => Assert.Equal(good, GitHubRef.Fault(template) is null);

    [Fact]
    public void Deliveries_are_remembered_for_a_time_and_no_more_than_so_many()
    {
        var time = new FakeTime(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        var seen = new SeenDeliveries(TimeSpan.FromHours(1), time);

        Assert.True(seen.TryTake("a", "b"));
        Assert.False(seen.TryTake("a", "c"));
        Assert.False(seen.TryTake("d", "b"));
        Assert.True(seen.TryTake("c", "d"));
        seen.LetGo("a", "b");
        Assert.True(seen.TryTake("a", "b"));
        time.Advance(TimeSpan.FromMinutes(61));
        Assert.True(seen.TryTake("c"));
        for (var i = 0; i < SeenDeliveries.Most + 1; i++)
        {
            Assert.True(seen.TryTake($"n{i}"));
        }

        Assert.True(seen.TryTake("c"));
    }

    [Fact]
    public void Settings_are_faulted_at_once()
    {
        var good = new GitHubHook { Secret = new string('s', 20), Environment = "production", Target = "gateway", Services = new() { ["shop"] = "acme/shop" } };
        Assert.Empty(Faults(("shop-production", good)));
        var faults = Faults(("Shop", new GitHubHook { Secret = "short", Environment = "production", Services = new() { ["shop"] = "acme" }, Ref = "main", MostAge = TimeSpan.FromDays(4) }));
        Assert.Equal(["MostAge", "Ref", "Secret", "Services:shop", "Target", "the name"], new[] { "MostAge", "Ref", "Secret", "Services:shop", "Target", "the name" }.Where(what => faults.Any(f => f.Contains(what, StringComparison.Ordinal))));
        Assert.Contains("same Secret for different environments", Assert.Single(Faults(("one", good), ("two", new GitHubHook { Secret = good.Secret, Environment = "staging", Target = "gateway", Services = good.Services }))), StringComparison.Ordinal);
    }

    private static List<string> Faults(params (string Name, GitHubHook Hook)[] hooks) =>
        [.. new GitHubHookOptionsCheck().Validate(null, new GitHubHookOptions { Hooks = hooks.ToDictionary(h => h.Name, h => h.Hook) }).Failures ?? []];
}
