namespace OpsConsole.Web.Api;

internal static class SignalsEndpoints
{
    public static void MapSignals(this IEndpointRouteBuilder v1)
    {
        ArgumentNullException.ThrowIfNull(v1);
    }
}
