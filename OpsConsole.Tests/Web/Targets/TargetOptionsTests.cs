using System.Text;
using Microsoft.Extensions.Configuration;
using OpsConsole.Core.Targets.Flags;
using OpsConsole.Web.Targets;

namespace OpsConsole.Tests.Web.Targets;

public sealed class TargetOptionsTests
{
    [Fact]
    public void A_flag_target_is_read_from_configuration()
    {
        var options = Read("""{ "OpsConsole": { "Targets": { "flags": { "Kind": "feature-flag", "Timeout": "2s" }, "mobile-flags": { "Kind": "Feature-Flag" } } } }""");

        Assert.Empty(options.Faults);
        Assert.Equal(
            [new FlagTargetOptions { Target = "flags", Timeout = TimeSpan.FromSeconds(2) }, new FlagTargetOptions { Target = "mobile-flags" }], options.Flags);
        Assert.True(new TargetOptionsCheck().Validate(null, options).Succeeded);
    }

    [Fact]
    public void Every_fault_is_named_at_once_with_its_place()
    {
        var options = Read("""
            { "OpsConsole": { "Targets": {
              "one": { "Timeout": "5", "Tineout": "1s" }, "two": { "Kind": "gateway" }, "Three": { "Kind": "feature-flag", "Timeout": "1m" } } } }
            """);

        string[] expected =
        [
            "OpsConsole:Targets:one:Tineout is not a setting; known are Kind, Timeout.", "OpsConsole:Targets:one:Kind is missing.", "OpsConsole:Targets:one:Timeout is not a time such as",
            "OpsConsole:Targets:two:Kind is none of feature-flag.", "OpsConsole:Targets:Three: a target's name is 1 to 64 characters", "OpsConsole:Targets:Three:Timeout is not from 100ms to 10s.",
        ];
        Assert.All(expected, start => Assert.Contains(options.Faults, f => f.StartsWith(start, StringComparison.Ordinal)));
        Assert.Equal(expected.Length, options.Faults.Count);
        Assert.Empty(options.Flags);
        Assert.Equal(options.Faults, new TargetOptionsCheck().Validate(null, options).Failures);
    }

    [Fact]
    public void Nothing_configured_is_no_fault()
    {
        Assert.Empty(Read("{}").Faults);
        Assert.Empty(Read("{}").Flags);
    }

    private static TargetOptions Read(string json)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        var options = new TargetOptions();
        new TargetSection(new ConfigurationBuilder().AddJsonStream(stream).Build().GetSection(TargetOptions.Section), []).Read(options);
        return options;
    }
}
