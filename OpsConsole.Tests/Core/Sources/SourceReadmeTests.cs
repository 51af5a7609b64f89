using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.CloudflareAnalytics;
using OpsConsole.Core.Sources.Sentry;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Jobs;

namespace OpsConsole.Tests.Core.Sources;

/// <summary>What a README of a source shows can be used as it stands.</summary>
public sealed partial class SourceReadmeTests
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) }, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    [Theory]
    [InlineData("Sentry", 3)]
    [InlineData("CloudflareAnalytics", 4)]
    public void Its_configuration_is_sound(string folder, int signals)
    {
        var connections = new RemoteConnections(() => new SocketsHttpHandler(), TimeProvider.System);
        var configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(Blocks(folder)[0]))).Build();
        var options = new SourceOptions();

        new SourceSection(configuration.GetSection(SourceOptions.Section), new SourceCatalog([SentryKind.Kind(connections), AnalyticsKind.Kind(connections)])).Read(options);

        Assert.Empty(options.Faults);
        var binding = Assert.Single(options.Bindings);
        Assert.True(binding.FollowsReleases);
        Assert.Equal(signals, binding.Rules.Count);
        Assert.Equal(TimeSpan.FromMinutes(1), binding.Interval);
    }

    [Theory]
    [InlineData("Sentry")]
    [InlineData("CloudflareAnalytics")]
    public void Its_signals_can_be_registered_and_count_each_observation_once(string folder)
    {
        var signals = JsonSerializer.Deserialize<SignalRegistration[]>(Blocks(folder)[1], Json)!;

        Assert.Empty(SignalRules.Faults(signals, hasPrevious: true));
        Assert.All(SignalRules.Build(signals), s => Assert.Equal(SignalAggregation.Latest, s.Aggregation));
    }

    private static List<string> Blocks(string folder) =>
        [.. Block().Matches(File.ReadAllText(Path.Combine(Repository.Root, "OpsConsole.Core", "Sources", folder, "README.md"))).Select(m => m.Groups[1].Value)];

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
