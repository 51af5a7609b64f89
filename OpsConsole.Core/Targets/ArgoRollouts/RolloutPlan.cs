using System.Text.Json.Nodes;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Targets.Kubernetes;

namespace OpsConsole.Core.Targets.ArgoRollouts;

/// <summary>A step at which a Rollout stays until somebody promotes it.</summary>
/// <param name="Index">Its place among the steps.</param>
/// <param name="Percent">The share that the new version has there, 0 to 100.</param>
internal sealed record RolloutHold(int Index, double Percent);

/// <summary>The way that a Rollout goes from one version to the next.</summary>
internal sealed class RolloutPlan
{
    private readonly IReadOnlyList<JsonObject?> _steps;

    private RolloutPlan(bool isBlueGreen, bool goesActiveAlone, bool isRouted, double mostWeight, IReadOnlyList<JsonObject?> steps)
    {
        (IsBlueGreen, GoesActiveAlone, IsRouted, MostWeight, _steps) = (isBlueGreen, goesActiveAlone, isRouted, mostWeight, steps);
        var weight = 0.0;
        var holds = new List<RolloutHold>();
        for (var i = 0; i < steps.Count; i++)
        {
            weight = Weight(i) ?? weight;
            if (IsPause(i, timed: false))
            {
                holds.Add(new RolloutHold(i, weight));
            }
        }

        Holds = holds;
    }

    /// <summary>All at once, from one set of pods to the other.</summary>
    public bool IsBlueGreen { get; }

    /// <summary>Whether the new pods of a blue-green Rollout get the requests as soon as they are ready.</summary>
    public bool GoesActiveAlone { get; }

    /// <summary>True where a router gives out requests by weight; otherwise a share is a number of pods.</summary>
    public bool IsRouted { get; }

    /// <summary>The weight that is everything.</summary>
    public double MostWeight { get; }

    /// <summary>Where it stays, in the order of the steps.</summary>
    public IReadOnlyList<RolloutHold> Holds { get; }

    public int Steps => _steps.Count;

    /// <summary>True where the step is a pause that ends by itself.</summary>
    public bool IsTimedPause(int index) => IsPause(index, timed: true);

    /// <summary>Where it stays next, from a step on; null where it goes to the end.</summary>
    public RolloutHold? HoldFrom(int index) => Holds.FirstOrDefault(h => h.Index >= index);

    /// <summary>The step at which a share is what the steps give: where it stays, else the last one that gives no more.</summary>
    public int StepOf(double percent)
    {
        if (Holds.LastOrDefault(h => TargetConversation.Same(h.Percent, percent)) is { } hold)
        {
            return hold.Index;
        }

        var last = 0;
        for (var i = 0; i < Steps && Weight(i) is var weight && (weight is null || weight <= percent); i++)
        {
            last = i;
        }

        return last;
    }

    /// <summary>The shares that it can hold, as a sentence.</summary>
    public string Shares() => Holds.Count == 0
        ? "its steps have no pause without duration, so it holds no share and goes to 100 %"
        : $"its steps hold {string.Join(", ", Holds.Select(h => Wording.Percent(h.Percent)))} and then go to 100 %";

    /// <summary>Reads it out of the specification as the API writes it.</summary>
    public static RolloutPlan Read(JsonObject spec)
    {
        var strategy = spec.Part("strategy");
        var (canary, blueGreen) = (strategy.Part("canary"), strategy["blueGreen"] as JsonObject);
        var routing = canary["trafficRouting"] as JsonObject;
        return new RolloutPlan(
            blueGreen is not null,
            blueGreen?["autoPromotionEnabled"]?.GetValue<bool>() ?? true,
            routing is not null,
            routing?.Number("maxTrafficWeight", 100) ?? 100,
            [.. (canary["steps"] as JsonArray ?? []).Select(s => s as JsonObject)]);
    }

    /// <summary>The share that a step sets, 0 to 100; null where it sets none.</summary>
    private double? Weight(int index) => _steps[index]?["setWeight"] is { } set ? 100.0 * set.GetValue<long>() / MostWeight : null;

    private bool IsPause(int index, bool timed) =>
        index >= 0 && index < _steps.Count && _steps[index] is { } step && step.ContainsKey("pause") && (step["pause"]?["duration"] is not null) == timed;
}
