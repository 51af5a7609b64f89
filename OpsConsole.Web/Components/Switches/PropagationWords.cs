using OpsConsole.Core.Switches;
using OpsConsole.Web.Components.Kit;

namespace OpsConsole.Web.Components.Switches;

/// <summary>How the pages speak of measured propagations.</summary>
public static class PropagationWords
{
    /// <summary>What was done with the flag: "killed".</summary>
    public static string Done(FlagChangeKind kind) => kind switch
    {
        FlagChangeKind.Killed => "killed",
        FlagChangeKind.Restored => "restored",
        FlagChangeKind.Targeted => "targeted anew",
        FlagChangeKind.Added => "made",
        _ => "put away",
    };

    /// <summary>Where: "in production", or "everywhere".</summary>
    public static string Where(string? environment) => environment is null ? "everywhere" : "in " + environment;

    /// <summary>A time from the decision on: "84 ms"; a dash for none.</summary>
    public static string Ms(double? ms) => ms is { } value ? Spans.Measured(TimeSpan.FromMilliseconds(value)) : "–";
}
