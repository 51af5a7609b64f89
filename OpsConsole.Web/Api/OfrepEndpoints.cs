namespace OpsConsole.Web.Api;

internal static class OfrepEndpoints
{
    public static void MapOfrep(this IEndpointRouteBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
    }
}
