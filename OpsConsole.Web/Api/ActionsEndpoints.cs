namespace OpsConsole.Web.Api;

internal static class ActionsEndpoints
{
    public static void MapActions(this IEndpointRouteBuilder v1)
    {
        ArgumentNullException.ThrowIfNull(v1);
    }
}
