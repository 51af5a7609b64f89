using OpsConsole.Core.Policies;
using OpsConsole.Core.Releases;
using OpsConsole.Core.Rollouts;
using OpsConsole.Core.Targets.AppStore;
using OpsConsole.Core.Targets.Flags;
using OpsConsole.Core.Targets.Gateway;

namespace OpsConsole.Tests.Core.Rollouts;

public sealed class StrategyRuleTests
{
    private static readonly Stage[] Canary = [new(5, TimeSpan.Zero), new(100, TimeSpan.Zero)];

    [Theory]
    [InlineData(RolloutStrategy.Canary, true, false)]
    [InlineData(RolloutStrategy.BlueGreen, true, false)]
    [InlineData(RolloutStrategy.Recreate, true, false)]
    [InlineData(RolloutStrategy.FeatureFlag, true, false)]
    [InlineData(RolloutStrategy.Rolling, false, false)]
    [InlineData(RolloutStrategy.StorePhased, false, true)]
    public void A_policy_names_a_strategy_that_its_target_declares(RolloutStrategy strategy, bool gateway, bool store)
    {
        var stages = StrategyRule.Stages(strategy) ?? Canary;
        Assert.Equal(gateway, StrategyRule.Judge(strategy, stages, GatewayCapabilities.Value).Count == 0);
        Assert.Equal(store, StrategyRule.Judge(strategy, stages, StoreCapabilities.For(StorePlatform.Ios)).Count == 0);
    }

    [Fact]
    public void A_feature_flag_can_do_nothing_else()
    {
        Assert.Empty(StrategyRule.Judge(RolloutStrategy.FeatureFlag, Canary, FlagCapabilities.Value));
        Assert.Equal("Feature flag cannot do canary; it can do feature flag.", Assert.Single(StrategyRule.Judge(RolloutStrategy.Canary, Canary, FlagCapabilities.Value)));
    }

    [Fact]
    public void A_refusal_says_what_the_target_can_do() => Assert.Equal(
        "Gateway cannot do rolling; it can do recreate, blue-green, canary, feature flag.", Assert.Single(StrategyRule.Judge(RolloutStrategy.Rolling, Canary, GatewayCapabilities.Value)));

    [Fact]
    public void What_goes_to_everybody_at_once_has_one_stage()
    {
        Assert.Equal([new Stage(100, TimeSpan.Zero)], StrategyRule.Stages(RolloutStrategy.BlueGreen));
        Assert.Contains("one stage of 100 %", Assert.Single(StrategyRule.Judge(RolloutStrategy.Recreate, Canary, GatewayCapabilities.Value)), StringComparison.Ordinal);
        Assert.Null(StrategyRule.Stages(RolloutStrategy.Canary));
    }

    [Fact]
    public void Without_a_strategy_or_a_connected_target_nothing_is_said()
    {
        Assert.Empty(StrategyRule.Judge(null, Canary, GatewayCapabilities.Value));
        Assert.Empty(StrategyRule.Judge(RolloutStrategy.Rolling, Canary, null));
    }
}
