namespace OpsConsole.Web.Api;

internal static class BoardEndpoints
{
    public static void MapBoard(this IEndpointRouteBuilder v1)
    {
        ArgumentNullException.ThrowIfNull(v1);
    }
}
