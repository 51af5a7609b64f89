using System.Collections;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using OpsConsole.Core.Access;
using OpsConsole.Web.Identity;

namespace OpsConsole.Tests.Web.Access;

/// <summary>A request to an address, made up from what the address says of itself: its parameters, its verbs and the form of its body.</summary>
/// <param name="Endpoint">The address.</param>
/// <param name="Method">The verb.</param>
internal sealed record Call(RouteEndpoint Endpoint, string Method)
{
    private const int Depth = 4;

    public override string ToString() => $"{Method} {Bindings.Address(Endpoint)}";

    /// <summary>What it is bound to.</summary>
    public IReadOnlyList<Permission> Permissions => PermissionPolicies.Of(Endpoint);

    /// <summary>Every request that changes something.</summary>
    public static IReadOnlyList<Call> Changing(IEnumerable<RouteEndpoint> endpoints) =>
        [.. endpoints.Where(Bindings.Changes).SelectMany(Bindings.Methods, (e, m) => new Call(e, m)).Where(c => c.Method is not ("GET" or "HEAD"))];

    /// <summary>The request, about things that are there.</summary>
    public HttpRequestMessage Request(Existing there)
    {
        var address = string.Join('/', Endpoint.RoutePattern.PathSegments.Select(s => string.Concat(s.Parts.Select(p => p switch
        {
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart parameter => there.Value(Bindings.Address(Endpoint), parameter.Name),
            _ => throw new InvalidOperationException($"{p} is not known."),
        }))));
        var request = new HttpRequestMessage(new HttpMethod(Method), new Uri("/" + address + (address.EndsWith("/evidence", StringComparison.Ordinal) ? "?kind=result&stage=unit&source=ci" : ""), UriKind.Relative));
        if (Endpoint.Metadata.GetMetadata<IAcceptsMetadata>() is { } accepts)
        {
            var type = accepts.ContentTypes.Count > 0 && !accepts.ContentTypes.Contains("application/json") ? accepts.ContentTypes[0] : "application/json";
            request.Content = new StringContent(Value(accepts.RequestType ?? typeof(object), "", there, Depth)?.ToJsonString() ?? "{}", Encoding.UTF8);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        }

        return request;
    }

    /// <summary>A value of a type, as a caller who knows what is there would fill it in.</summary>
    private static JsonNode? Value(Type type, string name, Existing there, int depth)
    {
        var of = Nullable.GetUnderlyingType(type) ?? type;
        return of == typeof(string) ? there.Text(name)
            : of == typeof(bool) ? false
            : of == typeof(Guid) ? there.Release.ToString()
            : of == typeof(DateTimeOffset) ? there.Soon.ToString("O")
            : of == typeof(TimeSpan) || of == typeof(TimeOnly) ? "09:00:00"
            : of.IsEnum ? System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(Enum.GetNames(of)[0])
            : of.IsPrimitive || of == typeof(decimal) ? 1
            : name == "Targeting" ? JsonNode.Parse("""{ "rules": [], "percent": 50 }""")
            : depth == 0 || of == typeof(object) || of.Namespace == "System.Text.Json" ? new JsonObject()
            : Element(of) is { } element ? new JsonArray(Value(element, name, there, depth - 1))
            : of.IsInterface || of.IsAssignableTo(typeof(IDictionary)) ? new JsonObject()
            : new JsonObject(of.GetProperties().Where(p => p.CanRead && p.GetIndexParameters().Length == 0 && p.SetMethod is not null)
                .Select(p => KeyValuePair.Create(System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(p.Name), Value(p.PropertyType, p.Name, there, depth - 1))));
    }

    private static Type? Element(Type type) => type.IsArray ? type.GetElementType()
        : type.IsGenericType && type.GetGenericArguments() is [var one] && type.IsAssignableTo(typeof(IEnumerable)) ? one
        : null;
}

/// <summary>What is there for requests to be about; everything of it is in production.</summary>
internal sealed record Existing(Guid Release, Guid Action, Guid Waiver, string Switch, DateTimeOffset Soon)
{
    /// <summary>The environment as requests write it.</summary>
    public string Environment { get; init; } = "production";

    /// <summary>The value of a parameter of an address.</summary>
    public string Value(string address, string parameter) => parameter switch
    {
        "id" when address.Contains("/releases/", StringComparison.Ordinal) => Release.ToString(),
        "id" when address.Contains("/actions/", StringComparison.Ordinal) => Action.ToString(),
        "id" when address.Contains("/waivers/", StringComparison.Ordinal) => Waiver.ToString(),
        "id" => Guid.NewGuid().ToString(),
        "key" => Switch,
        "environment" => Uri.EscapeDataString(Environment),
        _ => "shop",
    };

    /// <summary>A text for a member of a body.</summary>
    public string Text(string member) => member switch
    {
        "Environment" or "Environments" => Environment,
        "Reason" or "Comment" => "because it has to be",
        "Scope" => "*:board:read",
        "Preset" => "build",
        "Confirmation" => "shop",
        "Digest" => "sha256:" + new string('a', 64),
        _ => "shop",
    };
}
