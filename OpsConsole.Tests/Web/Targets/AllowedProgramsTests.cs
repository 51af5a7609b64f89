using Microsoft.Extensions.Configuration;
using OpsConsole.Web.Targets;

namespace OpsConsole.Tests.Web.Targets;

public sealed class AllowedProgramsTests
{
    [Fact]
    public void Nothing_is_allowed_where_nothing_is_named() => Assert.Empty(Read([]));

    [Fact]
    public void A_list_and_one_value_with_commas_are_the_same()
    {
        Assert.Equal(["/opt/a", "/opt/b c"], Read(new() { ["OpsConsole:Commands:Allow:0"] = "/opt/a", ["OpsConsole:Commands:Allow:1"] = "/opt/b c" }));
        Assert.Equal(["/opt/a", "/opt/b c"], Read(new() { ["OpsConsole:Commands:Allow"] = "/opt/a, /opt/b c" }));
    }

    private static IReadOnlyList<string> Read(Dictionary<string, string?> settings) => AllowedPrograms.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
}
