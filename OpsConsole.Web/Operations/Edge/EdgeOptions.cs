using System.Net;

namespace OpsConsole.Web.Operations.Edge;

/// <summary>What the console takes from the network, section <c>OpsConsole:Edge</c>.</summary>
public sealed class EdgeOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "OpsConsole:Edge";

    /// <summary>Proxies in front of the console, as addresses or networks (<c>10.0.0.5</c>, <c>10.0.0.0/24</c>): the only ones whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed.</summary>
    public IList<string> Proxies { get; init; } = [];

    /// <summary>Requests a second that one caller may keep up: a token, a person, or an address that is nobody yet. 1 to 100,000.</summary>
    public int RequestsPerSecond { get; set; } = 100;

    /// <summary>Requests that one caller may make at once after it was quiet, 1 to 1,000,000.</summary>
    public int Burst { get; set; } = 1_000;

    /// <summary>The same for halting, rolling back and killing, which have a budget of their own. 1 to 100,000.</summary>
    public int StopsPerSecond { get; set; } = 20;

    /// <summary>Stops that one caller may ask for at once, 1 to 1,000,000.</summary>
    public int StopsBurst { get; set; } = 200;

    /// <summary>Requests that take long (verifying and exporting the audit, replays, analyses, checks of SQL) carried out at the same time for all callers together, 1 to 100; of one caller at most two of them, and never more than half where there are two or more.</summary>
    public int LongAtOnce { get; set; } = 4;

    /// <summary>Connections at the same time, 100 to 1,000,000. Every open board and every stream of flags is one.</summary>
    public int Connections { get; set; } = 25_000;

    /// <summary>Of them from one address that is no proxy and not this machine, 1 to 1,000,000; of IPv6 from one /64 network.</summary>
    public int ConnectionsPerAddress { get; set; } = 2_000;

    /// <summary>Everything that is wrong with the settings, one sentence each.</summary>
    public IEnumerable<string> Faults()
    {
        foreach (var (name, value, least, most) in new[]
        {
            (nameof(RequestsPerSecond), RequestsPerSecond, 1, 100_000),
            (nameof(Burst), Burst, 1, 1_000_000),
            (nameof(StopsPerSecond), StopsPerSecond, 1, 100_000),
            (nameof(StopsBurst), StopsBurst, 1, 1_000_000),
            (nameof(LongAtOnce), LongAtOnce, 1, 100),
            (nameof(Connections), Connections, 100, 1_000_000),
            (nameof(ConnectionsPerAddress), ConnectionsPerAddress, 1, 1_000_000),
        })
        {
            if (value < least || value > most)
            {
                yield return FormattableString.Invariant($"{Section}:{name} is not between {least:#,0} and {most:#,0}.");
            }
        }

        foreach (var wrong in Proxies.Where(p => Network(p) is null))
        {
            yield return $"{Section}:{nameof(Proxies)} has '{wrong}', which is neither an address nor a network such as 10.0.0.0/24.";
        }
    }

    /// <summary>The proxies; what cannot be read is among the faults.</summary>
    public IEnumerable<IPNetwork> ProxyNetworks() => Proxies.Select(Network).OfType<IPNetwork>();

    private static IPNetwork? Network(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var one) ? new IPNetwork(one, one.GetAddressBytes().Length * 8)
        : null;
}
