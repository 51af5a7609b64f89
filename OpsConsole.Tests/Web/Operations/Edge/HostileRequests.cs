using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace OpsConsole.Tests.Web.Operations.Edge;

/// <summary>One request that nobody well-meaning would make.</summary>
internal sealed record HostileRequest(ConsoleEndpoint Endpoint, string Address, IReadOnlyList<(string Name, string Value)> Headers, byte[]? Body, string? ContentType)
{
    public HttpRequestMessage ToMessage(Uri console)
    {
        var message = new HttpRequestMessage(new HttpMethod(Endpoint.Method), new Uri(console.GetLeftPart(UriPartial.Authority) + Address, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (Body is not null)
        {
            message.Content = new ByteArrayContent(Body);
            if (ContentType is not null)
            {
                message.Content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
            }
        }

        foreach (var (name, value) in Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                message.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return message;
    }

    public override string ToString()
    {
        var body = Body is null ? "" : Encoding.UTF8.GetString(Body, 0, Math.Min(Body.Length, 400));
        return $"{Endpoint.Method} {(Address.Length > 300 ? Address[..300] + "…" : Address)} {ContentType} [{string.Join("; ", Headers.Select(h => $"{h.Name}: {(h.Value.Length > 60 ? h.Value[..60] : h.Value)}"))}] {body}";
    }
}

/// <summary>Makes such requests, for every endpoint, from what the console says that it takes.</summary>
internal sealed class HostileRequests(JsonNode description, IReadOnlyList<ConsoleEndpoint> endpoints, IReadOnlyList<string> known)
{
    private static readonly string[] Nasty =
    [
        "", " ", "\0", "a\0b", "%", "..", "../../etc/passwd", "..\\..\\x", "'; DROP TABLE releases; --", "<script>alert(1)</script>", "\u202egnp.exe", "\uffff\ufeff", "😀", "null", "true", "NaN", "-1", "0",
        "99999999999999999999999999", "1e999", "0x10", "١٢٣", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.9999999-14:00", "2026-02-30", "00000000-0000-0000-0000-000000000000", "{}", "[]", "\r\nX: y",
        new('a', 201), new('é', 1500), new('9', 400), "a/b", "a%2fb", "*", "${jndi:ldap://x}", "{{7*7}}", "P1000000000D", "shop", "production", "checkout-success",
    ];

    private static readonly string[] NastyJson =
    [
        "null", "true", "0", "-1", "1e308", "1e999", "123456789012345678901234567890", "\"\"", "\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"\\udc00x\"", "[]", "{}", "[null]", "[[[[]]]]", "{\"a\":1,\"a\":2}",
        "\"0001-01-01T00:00:00+14:00\"", "\"9999-12-31T23:59:59.9999999-14:00\"", "\"99999.00:00:00\"", "-0.0", "\"\\u202e\"", "\"<img src=x onerror=alert(1)>\"", "[1,\"a\",null,{}]", "\"\\uffff\"", "2147483648", "-9223372036854775808", "0.1e-400",
    ];

    private static readonly string[] ContentTypes =
    [
        "application/json", "application/json", "application/json", "application/json; charset=utf-7", "application/json; charset=\"", "text/plain", "application/sql", "application/yaml", "application/x-ndjson", "application/sarif+json",
        "application/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=", "multipart/form-data", "a", ";", "application/json, text/html", "application/vnd.api+json;v=1",
    ];

    private static readonly (string, string)[] OddHeaders =
    [
        ("Accept", "text/html"), ("Accept", "*/*;q=nan"), ("Accept", new string('a', 4000)), ("If-None-Match", "\"\0"), ("If-None-Match", "W/\"" + new string('x', 2000)), ("If-Match", "*"), ("Range", "bytes=-1"),
        ("Content-Encoding", "gzip"), ("Content-Encoding", "identity, br"), ("Cookie", "opsconsole=garbage; opsconsole.form=%%%"), ("Cookie", new string('c', 6000)), ("Origin", "null"), ("Origin", "http://evil.example"), ("Sec-Fetch-Site", "cross-site"),
        ("traceparent", "00-zzzz"), ("X-Forwarded-For", "1.1.1.1, ::::"), ("X-Forwarded-Proto", "gopher"), ("X-Request-Id", "a\tb"), ("Accept-Language", "xx-" + new string('y', 300)), ("Upgrade", "websocket"), ("Expect", "100-continue"),
        ("X-API-Key", new string('k', 5000)), ("Idempotency-Key", "é"), ("Last-Event-ID", "\uffff"), ("Date", "yesterday"), ("Content-Language", ""), ("X-HTTP-Method-Override", "DELETE"),
    ];

    /// <summary>Requests to any endpoint.</summary>
    public Gen<HostileRequest> Any => Gen.Elements(endpoints.ToArray()).SelectMany(To);

    /// <summary>Requests to one endpoint.</summary>
    public Gen<HostileRequest> To(ConsoleEndpoint endpoint) =>
        from seed in Gen.Choose(int.MinValue, int.MaxValue)
        select Make(endpoint, new System.Random(seed));

    private HostileRequest Make(ConsoleEndpoint endpoint, System.Random random)
    {
        var path = endpoint.Path(_ => Escape(random.Next(3) == 0 ? One(Nasty, random) : One(known, random), random));
        var names = QueryNames(endpoint);
        var query = string.Join('&', Enumerable.Range(0, random.Next(4)).Select(_ =>
            $"{(names.Count > 0 && random.Next(4) > 0 ? One(names, random) : Escape(One(Nasty, random), random))}={Escape(random.Next(3) == 0 ? One(known, random) : One(Nasty, random), random)}"));
        var headers = Enumerable.Range(0, random.Next(3)).Select(_ => One(OddHeaders, random)).DistinctBy(h => h.Item1).ToList();
        var body = endpoint.Writes && random.Next(12) > 0 ? Body(endpoint, random) : null;
        return new(endpoint, path + (query.Length > 0 ? "?" + query : ""), headers, body, body is null ? null : random.Next(3) > 0 ? MediaType(endpoint) : random.Next(10) == 0 ? null : One(ContentTypes, random));
    }

    private byte[] Body(ConsoleEndpoint endpoint, System.Random random)
    {
        var json = Skeleton(Schema(endpoint), random, 0);
        return random.Next(14) switch
        {
            0 => [],
            1 => Encoding.UTF8.GetBytes(new string('[', 200_000)),
            2 => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 5_000)) + "1" + new string('}', 5_000)),
            3 => Encoding.UTF8.GetBytes("{\"reason\":\"" + new string('x', 5 * 1024 * 1024) + "\"}"),
            4 => [0xff, 0xfe, 0x00, 0xd8, 0x22],
            5 => [0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes(json)],
            6 => Encoding.UTF8.GetBytes(json[..random.Next(json.Length + 1)]),
            7 => Encoding.UTF8.GetBytes(One(NastyJson, random)),
            8 => Encoding.UTF8.GetBytes(One(Nasty, random)),
            9 => Garbage(random),
            _ => Encoding.UTF8.GetBytes(json),
        };
    }

    /// <summary>JSON in the shape that the endpoint takes, with hostile values in some places.</summary>
    private string Skeleton(JsonNode? schema, System.Random random, int depth)
    {
        schema = Resolve(schema);
        if (random.Next(5) == 0 || schema is null || depth > 6)
        {
            return One(NastyJson, random);
        }

        if (schema["enum"] is JsonArray { Count: > 0 } values)
        {
            return values[random.Next(values.Count)]?.ToJsonString() ?? "null";
        }

        if (schema["properties"] is JsonObject properties)
        {
            var members = properties.Where(_ => random.Next(8) > 0).Select(p => $"{JsonValue.Create(p.Key).ToJsonString()}:{Skeleton(p.Value, random, depth + 1)}").ToList();
            if (random.Next(10) == 0)
            {
                members.Add("\"unheardOf\":1");
            }

            return "{" + string.Join(',', members) + "}";
        }

        var type = schema["type"] is JsonArray types ? types[0]!.GetValue<string>() : schema["type"]?.GetValue<string>();
        return type switch
        {
            "array" => "[" + string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Skeleton(schema["items"], random, depth + 1))) + "]",
            "object" => $"{{\"{One(["a", "checkout", "__proto__"], random)}\":{Skeleton(schema["additionalProperties"], random, depth + 1)}}}",
            "integer" => random.Next(-3, 100).ToString(CultureInfo.InvariantCulture),
            "number" => (random.NextDouble() * 100).ToString(CultureInfo.InvariantCulture),
            "boolean" => "true",
            "string" => JsonValue.Create(random.Next(2) == 0 ? One(known, random) : One(Nasty, random)).ToJsonString(),
            _ => One(NastyJson, random),
        };
    }

    private JsonNode? Operation(ConsoleEndpoint endpoint) => description["paths"]?[System.Text.RegularExpressions.Regex.Replace(endpoint.Pattern, @":[^}]+\}", "}")]?[endpoint.Method.ToLowerInvariant()];

    private JsonNode? Schema(ConsoleEndpoint endpoint) => (Operation(endpoint)?["requestBody"]?["content"] as JsonObject)?.Select(c => c.Value?["schema"]).FirstOrDefault();

    private string MediaType(ConsoleEndpoint endpoint) => (Operation(endpoint)?["requestBody"]?["content"] as JsonObject)?.Select(c => c.Key).FirstOrDefault() ?? "application/json";

    private List<string> QueryNames(ConsoleEndpoint endpoint) =>
        (Operation(endpoint)?["parameters"] as JsonArray)?.Where(p => p?["in"]?.GetValue<string>() == "query").Select(p => p!["name"]!.GetValue<string>()).ToList() ?? [];

    private JsonNode? Resolve(JsonNode? schema)
    {
        for (var hop = 0; hop < 8 && schema is JsonObject; hop++)
        {
            if (schema["$ref"]?.GetValue<string>() is { } reference)
            {
                schema = description["components"]?["schemas"]?[reference[(reference.LastIndexOf('/') + 1)..]];
            }
            else if ((schema["oneOf"] ?? schema["anyOf"]) is JsonArray { Count: > 0 } several)
            {
                schema = several[^1];
            }
        }

        return schema;
    }

    private static string Escape(string text, System.Random random) => random.Next(20) switch
    {
        0 => "%ED%A0%80",
        1 => "%C0%AF",
        2 => "%FF%FE",
        _ => Uri.EscapeDataString(text),
    };

    private static byte[] Garbage(System.Random random)
    {
        var bytes = new byte[random.Next(1, 2000)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static T One<T>(IReadOnlyList<T> of, System.Random random) => of[random.Next(of.Count)];
}
