using System.Globalization;
using System.Xml.Linq;
using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Tests.Contracts.Targets;

public sealed class SparkleChannelTests : ChannelTargetContract
{
    private const string PublishedOn = "Sun, 01 Mar 2026 12:00:00 +0000";

    private static readonly XNamespace Sparkle = "http://www.andymatuschak.org/xml-namespaces/sparkle";

    /// <summary>Two of seven groups.</summary>
    private protected override double FirstShare => 200.0 / 7;

    private protected override double NextShare => 300.0 / 7;

    private protected override string File => "appcast.xml";

    private protected override string Published(string version) => Feed(Item(version));

    private protected override string Channel(string version) => Feed(Item(version) + Item("1.9.0", "<sparkle:maximumSystemVersion>11.0</sparkle:maximumSystemVersion>"));

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(7)]
    public async Task As_many_groups_get_it_as_the_share_says_now_and_in_most_of_a_year(int groups)
    {
        await ApplyAsync(Change(100.0 * groups / 7));

        var now = TimeProvider.System.GetUtcNow();
        Assert.Equal(groups, Enumerable.Range(0, 7).Count(g => Gets(g, now)));
        Assert.Equal(groups, Enumerable.Range(0, 7).Count(g => Gets(g, now.AddDays(360))));
        Assert.Equal(groups, Enumerable.Range(0, 7).Count(g => Gets(g, now.AddDays(-1))));
    }

    [Fact]
    public async Task With_everyone_an_item_is_as_it_was_published()
    {
        await ApplyAsync(Change(FirstShare));
        await ApplyAsync(Change(100));

        var item = LiveItem(New)!;
        Assert.Equal(PublishedOn, item.Element("pubDate")!.Value);
        Assert.Null(item.Element(Sparkle + "phasedRolloutInterval"));
        Assert.Contains("<![CDATA[<h2>New in 2.15.0</h2>]]>", Api[Live], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_rest_of_the_feed_stays()
    {
        await ApplyAsync(Change(FirstShare));

        Assert.Equal([New, Before, "1.9.0"], LiveItems().Select(i => i.Element(Sparkle + "shortVersionString")!.Value));
        Assert.Equal(LiveItem("1.9.0")!.ToString(), XDocument.Parse(Channel(Before)).Descendants("item").Last().ToString());
        await ApplyAsync(Change(0));
        Assert.Equal([Before, "1.9.0"], LiveItems().Select(i => i.Element(Sparkle + "shortVersionString")!.Value));
    }

    [Fact]
    public async Task A_share_between_sevenths_is_refused_with_those_that_there_are()
    {
        var refused = await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(25)));

        Assert.Contains("14.29, 28.57, 42.86, 57.14, 71.43, 85.71 or 100 %", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Api.Requests);
    }

    [Fact]
    public async Task Who_looks_by_hand_is_told()
    {
        await ApplyAsync(Change(FirstShare));

        Assert.Equal("Whoever looks for updates by hand is offered it too.", (await SeenAsync()).Besides);
    }

    [Fact]
    public async Task What_is_halted_is_out_of_the_feed()
    {
        await ApplyAsync(Change(FirstShare));
        await ApplyAsync(Change(FirstShare, halted: true));

        Assert.Null(LiveItem(New));
        Assert.NotNull(LiveItem(Before));
    }

    [Fact]
    public async Task A_critical_update_goes_to_everyone_or_to_nobody()
    {
        Api[$"shop-app/{New}/appcast.xml"] = Feed(Item(New, "<sparkle:criticalUpdate/>"));

        await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(FirstShare)));
        await ApplyAsync(Change(100));

        Assert.Equal(100, (await SeenAsync()).ExposurePercent);
    }

    [Fact]
    public async Task A_feed_that_is_signed_as_a_whole_is_left_alone()
    {
        var signed = Channel(Before) + "<!-- sparkle-signatures:\nedSignature: AAAA\nlength: 1\n-->\n";
        Api[Live] = signed;

        var refused = await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(FirstShare)));

        Assert.Contains("signature", refused.Message, StringComparison.Ordinal);
        Assert.Equal(signed, Api[Live]);
        Assert.Equal(0, (await SeenAsync()).ExposurePercent);
    }

    [Fact]
    public async Task Versions_that_cannot_be_ordered_are_not_taken_for_lower()
    {
        Api[Live] = Feed(Item("2.14.3").Replace("<sparkle:version>2.14.3<", "<sparkle:version>two<", StringComparison.Ordinal));

        await Assert.ThrowsAsync<TargetRefusedException>(() => ApplyAsync(Change(100)));
    }

    [Fact]
    public async Task Another_channel_of_the_same_feed_counts_for_nothing()
    {
        Api[Live] = Feed(Item("3.0.0", "<sparkle:channel>beta</sparkle:channel>") + Item(Before));

        await ApplyAsync(Change(100));

        Assert.Equal(100, (await SeenAsync()).ExposurePercent);
        Assert.Equal(0, (await ObserveAsync("3.0.0")).ExposurePercent);
    }

    [Fact]
    public async Task Phases_that_somebody_else_set_are_read_by_the_clock()
    {
        var since = TimeProvider.System.GetUtcNow().AddDays(-2).AddHours(-1);
        Api[Live] = Feed(Item(New, "<sparkle:phasedRolloutInterval>86400</sparkle:phasedRolloutInterval>").Replace(
            PublishedOn, since.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture), StringComparison.Ordinal));

        Assert.Equal(300.0 / 7, (await SeenAsync()).ExposurePercent, 3);
    }

    [Theory]
    [InlineData("<!DOCTYPE rss [<!ENTITY a \"b\">]><rss><channel>&a;</channel></rss>")]
    [InlineData("<feed/>")]
    [InlineData("<rss><channel>")]
    public async Task What_is_no_appcast_is_not_read_as_one(string text)
    {
        Api[Live] = text;

        await Assert.ThrowsAsync<TargetUnreachableException>(SeenAsync);
    }

    [Fact]
    public async Task A_feed_that_is_deep_without_end_is_none()
    {
        Api[Live] = "<rss><channel>" + string.Concat(Enumerable.Repeat("<a>", 100_000));

        await Assert.ThrowsAsync<TargetUnreachableException>(SeenAsync);
    }

    /// <summary>Whether a program of a group gets the new version, by Sparkle's own rule.</summary>
    private bool Gets(int group, DateTimeOffset now)
    {
        var item = LiveItem(New)!;
        if (item.Element(Sparkle + "phasedRolloutInterval") is not { } interval)
        {
            return true;
        }

        var date = DateTimeOffset.ParseExact(item.Element("pubDate")!.Value, "ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        return (now - date).TotalSeconds >= group * double.Parse(interval.Value, CultureInfo.InvariantCulture);
    }

    private IEnumerable<XElement> LiveItems() => XDocument.Parse(Api[Live]).Root!.Element("channel")!.Elements("item");

    private XElement? LiveItem(string version) => LiveItems().FirstOrDefault(i => i.Element(Sparkle + "shortVersionString")!.Value == version);

    private static string Feed(string items) => $"""
        <?xml version="1.0" encoding="utf-8"?>
        <rss version="2.0" xmlns:sparkle="http://www.andymatuschak.org/xml-namespaces/sparkle">
          <channel>
            <title>Shop</title>
            {items}
          </channel>
        </rss>

        """;

    private static string Item(string version, string more = "") => $"""
        <item>
          <title>{version}</title>
          <pubDate>{PublishedOn}</pubDate>
          <sparkle:version>{version}</sparkle:version>
          <sparkle:shortVersionString>{version}</sparkle:shortVersionString>
          {more}
          <description><![CDATA[<h2>New in {version}</h2>]]></description>
          <enclosure url="https://example.org/shop-{version}.zip" sparkle:edSignature="AAAA" length="1623481" type="application/octet-stream"/>
        </item>
        """;
}
