namespace OpsConsole.Web.Api;

internal static class ReleasesEndpoints
{
    public static void MapReleases(this IEndpointRouteBuilder v1)
    {
        ArgumentNullException.ThrowIfNull(v1);
    }
}
