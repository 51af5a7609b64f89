namespace OpsConsole.Web.Api;

internal static class SwitchesEndpoints
{
    public static void MapSwitches(this IEndpointRouteBuilder v1)
    {
        ArgumentNullException.ThrowIfNull(v1);
    }
}
