using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace OpsConsole.Web.Api;

/// <summary>What the OpenAPI document says beyond what the endpoints' signatures tell.</summary>
internal static class ApiDescription
{
    private const string Scheme = "bearer";

    /// <summary>A text; of at most 200 characters, as every query parameter is.</summary>
    public static OpenApiSchema Text => new() { Type = JsonSchemaType.String, MaxLength = QueryReader.MaxText };

    /// <summary>An instant in ISO 8601.</summary>
    public static OpenApiSchema Instant => new() { Type = JsonSchemaType.String, Format = "date-time" };

    /// <summary>A whole number between two bounds.</summary>
    public static OpenApiSchema Number(int absent, int min, int max) => new()
    {
        Type = JsonSchemaType.Integer,
        Format = "int32",
        Minimum = min.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Maximum = max.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Default = absent,
    };

    /// <summary>One of a list of codes.</summary>
    public static OpenApiSchema OneOf(IEnumerable<string> codes) => new() { Type = JsonSchemaType.String, Enum = [.. codes.Select(c => (System.Text.Json.Nodes.JsonNode)c)] };

    /// <summary>One of an enumeration's names, in camel case.</summary>
    public static OpenApiSchema Named<TEnum>()
        where TEnum : struct, Enum => new() { Type = JsonSchemaType.String, Enum = [.. QueryReader.NamesOf<TEnum>()] };

    /// <summary>Says that every address takes a service token.</summary>
    public static void DescribeToken(this OpenApiOptions options) => options.AddDocumentTransformer((document, _, _) =>
    {
        document.AddComponent<IOpenApiSecurityScheme>(Scheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "A service token, sent as 'Authorization: Bearer <token>'.",
        });
        document.Security = [new() { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
        return Task.CompletedTask;
    });

    /// <summary>Lists the query parameters that an endpoint reads itself. None is required.</summary>
    public static RouteHandlerBuilder WithQuery(this RouteHandlerBuilder endpoint, params (string Name, string Meaning, Func<OpenApiSchema> Schema)[] parameters) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Parameters = [.. operation.Parameters ?? [], .. parameters.Select(static p => new OpenApiParameter
            {
                Name = p.Name,
                In = ParameterLocation.Query,
                Description = p.Meaning,
                Schema = p.Schema(),
            })];
            return Task.CompletedTask;
        });
}
