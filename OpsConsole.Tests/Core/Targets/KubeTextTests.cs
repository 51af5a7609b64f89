using System.Text.Json.Nodes;
using OpsConsole.Core.Targets.Kubernetes;

namespace OpsConsole.Tests.Core.Targets;

public sealed class KubeTextTests
{
    [Theory]
    [InlineData("""{"a":1}""", """{"a":1}""", null)]
    [InlineData("""{"a":1}""", """{"a":2}""", """{"a":2}""")]
    [InlineData("""{"a":1,"b":2}""", """{"a":1}""", """{"b":null}""")]
    [InlineData("""{"a":{"b":1,"c":2}}""", """{"a":{"b":1,"c":3}}""", """{"a":{"c":3}}""")]
    [InlineData("""{"a":[1,2]}""", """{"a":[1]}""", """{"a":[1]}""")]
    [InlineData("""{"a":{"b":1}}""", """{"a":[1]}""", """{"a":[1]}""")]
    [InlineData("""{}""", """{"a":{"b":1}}""", """{"a":{"b":1}}""")]
    public void A_patch_says_what_is_different_and_nothing_else(string from, string to, string? patch) =>
        Assert.Equal(patch, MergePatch.Between((JsonObject)JsonNode.Parse(from)!, (JsonObject)JsonNode.Parse(to)!)?.ToJsonString());

    [Theory]
    [InlineData("example/shop:{version}", "example/shop:2.15.0", "2.15.0")]
    [InlineData("example/shop:{version}", "example/shop:2.15.0@sha256:0a", "2.15.0")]
    [InlineData("example/{service}:v{version}-alpine", "example/shop:v2.15.0-alpine", "2.15.0")]
    [InlineData("example/shop@{version}", "example/shop@sha256:0a", "sha256:0a")]
    [InlineData("example/shop:{version}", "example/shop-admin:2.15.0", null)]
    [InlineData("example/shop:{version}", "example/shop:", null)]
    [InlineData("example/{version}", "example/shop/2.15.0", null)]
    public void The_version_stands_in_its_place_in_the_image(string template, string image, string? version) =>
        Assert.Equal(version, new ImageTemplate(template, "shop").VersionOf(Pod(image)));

    [Fact]
    public void Pods_of_two_versions_have_none() =>
        Assert.Null(new ImageTemplate("shop:{version}", "shop").VersionOf(Pod("shop:1", "shop:2")));

    [Fact]
    public void Every_container_of_the_service_gets_the_version()
    {
        var pod = Pod("shop:1", "proxy:7", "shop:1@sha256:0a");
        pod["spec"]!["initContainers"] = new JsonArray(new JsonObject { ["image"] = "shop:1" });

        new ImageTemplate("shop:{version}", "shop").Set(pod, "2");

        Assert.Equal("""{"spec":{"containers":[{"image":"shop:2"},{"image":"proxy:7"},{"image":"shop:2"}],"initContainers":[{"image":"shop:2"}]}}""", pod.ToJsonString());
    }

    [Theory]
    [InlineData("""{"matchLabels":{"app":"shop","tier":"web"}}""", "app=shop,tier=web")]
    [InlineData("""{"matchExpressions":[{"key":"a","operator":"In","values":["1","2"]},{"key":"b","operator":"NotIn","values":["3"]},{"key":"c","operator":"Exists"},{"key":"d","operator":"DoesNotExist"}]}""", "a in (1,2),b notin (3),c,!d")]
    public void A_selector_is_written_as_a_query(string selector, string text) =>
        Assert.Equal(text, LabelSelector.Text(JsonNode.Parse(selector)));

    [Fact]
    public void A_selector_of_nothing_is_none() =>
        Assert.Throws<FormatException>(() => LabelSelector.Text(new JsonObject()));

    private static JsonObject Pod(params string[] images) =>
        new() { ["spec"] = new JsonObject { ["containers"] = new JsonArray([.. images.Select(i => new JsonObject { ["image"] = i })]) } };
}
