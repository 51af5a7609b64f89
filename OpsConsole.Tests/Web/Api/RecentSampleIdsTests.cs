using System.Globalization;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Api.Push;

namespace OpsConsole.Tests.Web.Api;

public sealed class RecentSampleIdsTests
{
    private readonly FakeTime _time = new();

    private static bool Take(RecentSampleIds recent, string caller, string id)
    {
        if (!recent.TryClaim(caller, id))
        {
            return false;
        }

        recent.Keep(caller, id);
        return true;
    }

    [Fact]
    public void An_id_is_known_as_long_as_its_sample_could_be_accepted_again()
    {
        var recent = new RecentSampleIds(_time);
        Assert.True(Take(recent, "a", "1"));
        _time.Advance(SampleCheck.MostBehind + SampleCheck.MostAhead);
        Assert.False(Take(recent, "a", "1"));

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(Take(recent, "a", "1"));
    }

    [Fact]
    public void The_oldest_of_too_many_is_forgotten()
    {
        var recent = new RecentSampleIds(_time);
        for (var i = 0; i <= RecentSampleIds.MostIds; i++)
        {
            Assert.True(Take(recent, "a", i.ToString(CultureInfo.InvariantCulture)));
        }

        Assert.False(Take(recent, "a", "1"));
        Assert.True(Take(recent, "a", "0"));
    }

    [Fact]
    public void A_dropped_id_can_be_sent_again_and_callers_do_not_meet()
    {
        var recent = new RecentSampleIds(_time);
        Assert.True(Take(recent, "a", "1"));
        Assert.True(Take(recent, "b", "1"));
        Assert.True(recent.TryClaim("a", "2"));
        Assert.False(recent.TryClaim("a", "2"));
        recent.Drop("a", "2");

        Assert.True(Take(recent, "a", "2"));
        Assert.False(Take(recent, "b", "1"));
    }

    [Fact]
    public void Ids_of_samples_that_were_not_taken_push_nothing_out()
    {
        var recent = new RecentSampleIds(_time);
        for (var i = 0; i < RecentSampleIds.MostIds; i++)
        {
            Assert.True(Take(recent, "a", i.ToString(CultureInfo.InvariantCulture)));
        }

        for (var i = 0; i < RecentSampleIds.MostIds; i++)
        {
            var id = "x" + i.ToString(CultureInfo.InvariantCulture);
            Assert.True(recent.TryClaim("a", id));
            recent.Drop("a", id);
        }

        Assert.False(Take(recent, "a", "0"));
    }

    [Fact]
    public async Task Of_many_at_once_one_wins()
    {
        var recent = new RecentSampleIds(_time);

        var won = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => Take(recent, "a", "1"))));

        Assert.Single(won, w => w);
    }
}
