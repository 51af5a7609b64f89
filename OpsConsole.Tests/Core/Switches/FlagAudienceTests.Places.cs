namespace OpsConsole.Tests.Core.Switches;

/// <summary>Clients that have not brought back the id that they were given.</summary>
public sealed partial class FlagAudienceTests
{
    [Fact]
    public void A_client_that_asks_again_and_again_without_its_id_is_one_and_stays_one_when_it_brings_it()
    {
        for (var i = 0; i < 12; i++)
        {
            _audience.AnsweredFirst(Reader("place"), $"given-{i}", _switches.Version);
        }

        Assert.Equal(1, Readers());
        Kill("a");
        Assert.Equal((1, 0), Counts(Step("a")));
        _audience.AnsweredFirst(Reader("place"), "given-12", _switches.Version);
        Assert.Equal((1, 1), Counts(Step("a")));

        Kill("b");
        _audience.Answered(Reader("given-12"), null, _switches.Version);
        Assert.Equal((1, 1), Counts(Step("b")));
        Assert.Equal(1, Readers());
        Assert.Equal("given-12", _audience.Find("production", "given-12")!.Id.Id);
    }

    [Fact]
    public void A_client_that_opens_a_stream_with_the_id_it_was_given_is_counted_once_and_knows_what_it_was_answered_itself()
    {
        _audience.AnsweredFirst(Reader("place"), "one", _switches.Version);
        var before = _switches.Version;
        Kill("a");
        _audience.AnsweredFirst(Reader("place"), "other", _switches.Version);

        using var stream = _audience.StreamOpened(Reader("one"));
        Assert.Equal((1, before), (Readers(), _audience.Find("production", "one")!.Version));
        _audience.Answered(Reader("other"), null, _switches.Version);
        Assert.Equal(2, Readers());

        // Told of its first answer after it has come back already.
        _audience.Answered(Reader("fast"), null, _switches.Version);
        _audience.AnsweredFirst(Reader("elsewhere"), "fast", _switches.Version);
        Assert.Equal(3, Readers());
    }
}
