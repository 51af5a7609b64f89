using System.Globalization;
using System.Xml.Linq;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Remote;

namespace OpsConsole.Core.Targets.ReleaseChannel;

/// <summary>The appcast of Sparkle: a feed of items, of which a program takes the highest version that it may.</summary>
/// <remarks>
/// Sparkle knows no percentage: each program is in one of seven groups at random, and a group gets an item once its number times
/// <c>sparkle:phasedRolloutInterval</c> has passed since <c>pubDate</c>. So that a share stays as it is, the interval is a year, and the date lies
/// as many years back as groups before the last one have it. With everyone both are as they were published.
/// </remarks>
internal sealed class SparkleAppcast : IChannelFormat
{
    /// <summary>Groups that Sparkle puts programs into.</summary>
    public const int Groups = 7;

    private const string ItemName = "item", ChannelName = "channel", DateName = "pubDate", IntervalName = "phasedRolloutInterval";

    private static readonly XNamespace Sparkle = "http://www.andymatuschak.org/xml-namespaces/sparkle";
    private static readonly XNamespace Own = "urn:opsconsole:release-channel";

    /// <summary>How long a share stays before Sparkle would let the next group have it, but for <see cref="Margin"/>.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromDays(365);

    /// <summary>How wrong a program's clock may be.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromDays(2);

    private static readonly string[] DateForms = ["ddd, d MMM yyyy HH:mm:ss zzz", "d MMM yyyy HH:mm:ss zzz", "ddd, d MMM yyyy HH:mm:ss 'GMT'", "d MMM yyyy HH:mm:ss 'GMT'"];

    public string ContentType => "application/xml; charset=utf-8";

    public bool PutsPreviousBack => false;

    public string? Besides => "Whoever looks for updates by hand is offered it too.";

    /// <inheritdoc/>
    public string? WhyNot(double share) => share is <= 0 or >= 100 || (GroupsOf(share) > 0 && TargetConversation.Same(share, ShareOf(GroupsOf(share)))) ? null
        : $"Sparkle offers a version to sevenths of the programs and nothing between: ask for {string.Join(", ", Enumerable.Range(1, Groups - 1).Select(g => ShareOf(g).ToString("0.##", CultureInfo.InvariantCulture)))} or 100 %.";

    /// <inheritdoc/>
    public ChannelOffer? Read(string manifest, string version, DateTimeOffset now)
    {
        var channel = ChannelOf(PlainXml.Read(manifest));
        return channel is null ? null : new ChannelOffer(Items(channel, version).FirstOrDefault() is { } item ? Share(item, now) : 0, ChannelNote.Read(channel.Element(Own + "note")?.Value));
    }

    /// <inheritdoc/>
    public string Offer(string manifest, string ofVersion, ChannelNote note, DateTimeOffset now)
    {
        var (document, channel) = Open(manifest);
        List<XElement> published = ChannelOf(PlainXml.Read(ofVersion)) is { } alone ? [.. Items(alone, note.Version).Select(static item => new XElement(item))] : [];
        if (published.Count == 0)
        {
            throw new TargetRefusedException($"The manifest of {note.Version} is no appcast with an item of {note.Version} in it.");
        }

        Items(channel, note.Version).Remove();
        if (channel.Elements(ItemName).FirstOrDefault(other => !IsBelow(other, published[0])) is { } higher)
        {
            throw new TargetRefusedException($"The channel offers {Called(higher)} already, which is not lower than {Called(published[0])}: programs never go back, so nobody would get it.");
        }

        foreach (var item in published)
        {
            Phase(item, note, now);
            if (channel.Element(ItemName) is { } first)
            {
                first.AddBeforeSelf(item, new XText("\n    "));
            }
            else
            {
                channel.Add(item);
            }
        }

        return Written(document, channel, note);
    }

    /// <inheritdoc/>
    public string Hold(string manifest, ChannelNote note)
    {
        var (document, channel) = Open(manifest);
        Items(channel, note.Version).Remove();
        return Written(document, channel, note);
    }

    /// <inheritdoc/>
    public string Withdraw(string manifest, string? ofPrevious, ChannelNote note) => Hold(manifest, note);

    private static int GroupsOf(double share) => (int)Math.Round(share * Groups / 100);

    private static double ShareOf(int groups) => 100.0 * groups / Groups;

    private static XElement? ChannelOf(XDocument? document) => document?.Root is { Name.LocalName: "rss" } root ? root.Element(ChannelName) : null;

    private static (XDocument Document, XElement Channel) Open(string manifest)
    {
        // Sparkle 2.9 can want the whole feed signed; only whoever has the key can do that.
        if (manifest.Contains("<!-- sparkle-signatures:", StringComparison.Ordinal))
        {
            throw new TargetRefusedException("The appcast is signed as a whole, and every change would break its signature.");
        }

        return PlainXml.Read(manifest) is { } document && ChannelOf(document) is { } channel ? (document, channel) : throw new TargetRefusedException("The manifest is no appcast.");
    }

    private static string Written(XDocument document, XElement channel, ChannelNote note)
    {
        channel.Elements(Own + "note").Remove();
        channel.Add(new XElement(Own + "note", new XAttribute(XNamespace.Xmlns + "opsconsole", Own.NamespaceName), note.ToString()));
        return $"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{document.ToString(SaveOptions.DisableFormatting).TrimStart()}";
    }

    /// <summary>Has as many groups get an item as the share of the note asks for; with everyone, as Sparkle does without phases.</summary>
    private static void Phase(XElement item, ChannelNote note, DateTimeOffset now)
    {
        item.Element(Sparkle + IntervalName)?.Remove();
        if (note.Share >= 100)
        {
            return;
        }

        if (IsCritical(item))
        {
            throw new TargetRefusedException($"{note.Version} is marked as critical, and Sparkle offers such an update to everyone at once. Ask for 100 %.");
        }

        var since = now - ((GroupsOf(note.Share) - 1) * Interval) - Margin;
        item.SetElementValue(DateName, since.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture));
        item.Add(new XElement(Sparkle + IntervalName, ((long)Interval.TotalSeconds).ToString(CultureInfo.InvariantCulture)));
    }

    private static IEnumerable<XElement> Items(XElement channel, string version) => channel.Elements(ItemName).Where(item => Text(item, "shortVersionString") == version || Text(item, "version") == version);

    /// <summary>A property of an item: an element of its own, or as in older feeds an attribute of what is downloaded.</summary>
    private static string? Text(XElement item, string name) => item.Element(Sparkle + name)?.Value.Trim() ?? item.Element("enclosure")?.Attribute(Sparkle + name)?.Value.Trim();

    private static string Called(XElement item) => Text(item, "shortVersionString") ?? Text(item, "version") ?? "an item without a version";

    private static bool IsCritical(XElement item) => item.Element(Sparkle + "criticalUpdate") is not null || item.Element(Sparkle + "tags")?.Element(Sparkle + "criticalUpdate") is not null;

    /// <summary>Whether an item is lower than another one, or on a channel of its own that programs do not follow by themselves.</summary>
    private static bool IsBelow(XElement other, XElement item) => other.Element(Sparkle + "channel") is not null || Order(Text(other, "version"), Text(item, "version")) < 0;

    /// <summary>Orders numbers with dots between them; one that is none is never lower.</summary>
    private static int Order(string? left, string? right)
    {
        if (Numbers(left) is not { } a || Numbers(right) is not { } b)
        {
            return 1;
        }

        for (var i = 0; i < Math.Max(a.Count, b.Count); i++)
        {
            if ((i < a.Count ? a[i] : 0).CompareTo(i < b.Count ? b[i] : 0) is var order and not 0)
            {
                return order;
            }
        }

        return 0;
    }

    private static List<long>? Numbers(string? version)
    {
        var numbers = new List<long>();
        foreach (var part in (version ?? "").Split('.'))
        {
            if (!long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            numbers.Add(number);
        }

        return numbers;
    }

    /// <summary>Share of the groups that get an item by their own clocks now.</summary>
    private static double Share(XElement item, DateTimeOffset now)
    {
        if (item.Element(Sparkle + "channel") is not null)
        {
            return 0;
        }

        if (IsCritical(item)
            || !long.TryParse(item.Element(Sparkle + IntervalName)?.Value.Trim(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var seconds) || seconds <= 0
            || !DateTimeOffset.TryParseExact(item.Element(DateName)?.Value.Trim(), DateForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var since))
        {
            return 100;
        }

        return ShareOf((int)Math.Clamp(Math.Floor((now - since).TotalSeconds / seconds) + 1, 0, Groups));
    }
}
