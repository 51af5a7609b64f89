using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpsConsole.Core.Switches;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Api;

namespace OpsConsole.Tests.Web.Api.Flags;

/// <summary>Every kind of answer, held against the protocol's own document.</summary>
public sealed class OfrepSchemaTests
{
    private const string One = "/ofrep/v1/evaluate/flags/{key}";
    private const string All = "/ofrep/v1/evaluate/flags";

    private static readonly Targeting Targeted = new([new("gold", [new("plan", TargetingOperator.In, ["gold"])], 100)], 10);

    public static TheoryData<string, string, int> Answers => new()
    {
        { "/recommendations", FlagServer.Context, 200 },
        { "/recommendations", """{"context":{"plan":"gold"}}""", 200 },
        { "/recommendations", """{"context":{}}""", 400 },
        { "/recommendations", "{}", 400 },
        { "/recommendations", "{", 400 },
        { "/recommendations", """{"context":{"a":1e999}}""", 400 },
        { "/recommendations?environment=-", FlagServer.Context, 400 },
        { "/vouchers", FlagServer.Context, 200 },
        { "/broken", FlagServer.Context, 500 },
        { "/nothing", FlagServer.Context, 404 },
        { "", FlagServer.Context, 200 },
        { "", """{"context":{"plan":"gold"}}""", 200 },
        { "", """{"context":{}}""", 200 },
        { "", "{}", 400 },
        { "", "[", 400 },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task An_answer_has_the_form_that_the_document_names(string path, string body, int status)
    {
        var schema = new OpenApiSchema(Conformance.Read("ofrep/openapi.yaml"));
        await using var server = await FlagServer.StartAsync(services: s => s.AddSingleton<IFlagEventStreams, Streams>());
        server.Target("recommendations", "production", Targeted);
        server.Kill("vouchers");
        server.Switches.Set(FlagServer.Switch("broken"));
        var broken = new SwitchEnvironment { Key = "broken", Environment = "production", ChangedAt = FlagServer.Noon };
        broken.Target("{", "ann", FlagServer.Noon);
        server.Switches.Set(broken);

        using var response = await server.SendAsync(path, body);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

        // FLAG_NOT_FOUND is not among the codes of a failed evaluation; 404 has a schema of its own, as 500 has.
        Assert.Empty(schema.Faults(path.Length == 0 ? All : One, status, answer));
    }

    [Fact]
    public async Task So_has_the_answer_of_a_console_that_has_just_started()
    {
        var schema = new OpenApiSchema(Conformance.Read("ofrep/openapi.yaml"));
        await using var server = await FlagServer.StartAsync(loaded: false);

        Assert.Empty(schema.Faults(One, 500, (await server.PostAsync("/any", FlagServer.Context)).Body));
        Assert.Empty(schema.Faults(All, 500, (await server.PostAsync("", FlagServer.Context)).Body));
    }

    [Theory]
    [InlineData(One, 200, """{"key":"a","value":true,"reason":"DEFAULT"}""")]
    [InlineData(One, 200, """{"key":"a","value":true}""")]
    [InlineData(One, 400, """{"key":"a","errorCode":"FLAG_NOT_FOUND"}""")]
    [InlineData(All, 200, """{"flags":[{"key":"a"}]}""")]
    [InlineData(All, 200, """{"flags":[],"metadata":{"a":{}}}""")]
    [InlineData(All, 200, """{"flags":[],"eventStreams":[{"type":"sse","endpoint":{"requestUri":"x"}}]}""")]
    [InlineData(All, 200, """{"flags":[],"eventStreams":[{"type":"sse"}]}""")]
    public void The_check_itself_sees_what_is_wrong(string path, int status, string answer) =>
        Assert.NotEmpty(new OpenApiSchema(Conformance.Read("ofrep/openapi.yaml")).Faults(path, status, JsonDocument.Parse(answer).RootElement));

    private sealed class Streams : IFlagEventStreams
    {
        public string RequestUri(FlagReaderId reader, Guid? flagClient) => "/ofrep/v1/stream?client=" + reader.Id;
    }
}
