using OpsConsole.Core.Releases;
using OpsConsole.Tests.Core.Actions.Gate;

namespace OpsConsole.Tests.Core.Releases;

public sealed class ServingVersionTests
{
    private readonly GateWorld _world = new();

    [Fact]
    public void The_newest_that_came_to_everybody_serves()
    {
        var everybody = _world.Release(stage: 3, version: "2.15.0");
        var some = _world.Release(stage: 1, version: "2.16.0");

        Assert.Equal("2.15.0", ServingVersion.Of([some, everybody])!.Version);
        Assert.Null(ServingVersion.Of([some]));
        Assert.Null(ServingVersion.Of([]));
    }

    [Fact]
    public void After_a_roll_back_it_is_what_was_gone_back_to()
    {
        var before = _world.Release(stage: 3, version: "2.13.0");
        var rolledBack = _world.Release(stage: 3, version: "2.15.0");
        rolledBack.RollBack(Given.Now);

        var serving = ServingVersion.Of([rolledBack, before])!;

        Assert.Equal(("2.14.3", rolledBack.PreviousDigest, null), (serving.Version, serving.Digest, serving.Commit));
    }
}
