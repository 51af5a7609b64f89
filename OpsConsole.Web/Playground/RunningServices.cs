using OpsConsole.Core.Access;
using OpsConsole.Web.Identity;
using OpsConsole.Web.Playground.Servers;

namespace OpsConsole.Web.Playground;

/// <summary>Shows what each running version counts of itself at an address of the console, which stays the same when the services' own ports change.</summary>
internal sealed class RunningServices
{
    private const string Path = "playground";

    private volatile IReadOnlyList<RunningVersion> _versions = [];

    /// <summary>What runs now.</summary>
    public IReadOnlyList<RunningVersion> Versions
    {
        get => _versions;
        set => _versions = value;
    }

    /// <summary>Where the counters of a version are shown.</summary>
    public static Uri AddressOf(Uri console, string service, string version) => new(console, $"{Path}/{service}/{version}/metrics");

    public void Map(IEndpointRouteBuilder app) => app
        .MapGet($"/{Path}/{{service}}/{{version}}/metrics", Show)
        .RequirePermission(Permission.BoardRead)
        .ExcludeFromDescription();

    private IResult Show(string service, string version) =>
        _versions.FirstOrDefault(running => running.Service == service && running.Version == version) is { } found
            ? Results.Text(found.Counters.Write(), ServiceMetrics.ContentType)
            : Results.NotFound();
}
