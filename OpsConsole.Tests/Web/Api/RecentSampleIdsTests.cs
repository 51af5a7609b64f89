using System.Globalization;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Api.Push;

namespace OpsConsole.Tests.Web.Api;

public sealed class RecentSampleIdsTests
{
    private readonly FakeTime _time = new();

    [Fact]
    public void An_id_is_known_as_long_as_its_sample_could_be_accepted_again()
    {
        var recent = new RecentSampleIds(_time);
        Assert.True(recent.TryAdd("a", "1"));
        _time.Advance(SampleCheck.MostBehind + SampleCheck.MostAhead);
        Assert.False(recent.TryAdd("a", "1"));

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(recent.TryAdd("a", "1"));
    }

    [Fact]
    public void The_oldest_of_too_many_is_forgotten()
    {
        var recent = new RecentSampleIds(_time);
        for (var i = 0; i <= RecentSampleIds.MostIds; i++)
        {
            Assert.True(recent.TryAdd("a", i.ToString(CultureInfo.InvariantCulture)));
        }

        Assert.False(recent.TryAdd("a", "1"));
        Assert.True(recent.TryAdd("a", "0"));
    }

    [Fact]
    public void A_removed_id_can_be_added_again_and_callers_do_not_meet()
    {
        var recent = new RecentSampleIds(_time);
        Assert.True(recent.TryAdd("a", "1"));
        Assert.True(recent.TryAdd("b", "1"));
        recent.Remove("a", "1");

        Assert.True(recent.TryAdd("a", "1"));
        Assert.False(recent.TryAdd("b", "1"));
    }

    [Fact]
    public async Task Of_many_at_once_one_wins()
    {
        var recent = new RecentSampleIds(_time);

        var won = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => recent.TryAdd("a", "1"))));

        Assert.Single(won, w => w);
    }
}
