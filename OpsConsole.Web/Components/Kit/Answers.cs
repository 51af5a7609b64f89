using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Gates;

namespace OpsConsole.Web.Components.Kit;

/// <summary>What stands against something, as sentences for a dialog; none when it was done.</summary>
public static class Answers
{
    public static IReadOnlyList<string> Against(GateAnswer answer) => answer switch
    {
        GateAnswer.Accepted => [],
        GateAnswer.Refused refused => [.. refused.Refusals.Select(r => r.Sentence)],
        GateAnswer.NotFound missing => [missing.Sentence],
        GateAnswer.Unavailable away => [away.Sentence],
        _ => throw new ArgumentOutOfRangeException(nameof(answer), answer, "Unknown answer."),
    };

    public static IReadOnlyList<string> Against<T>(RecordAnswer<T> answer) => answer switch
    {
        RecordAnswer<T>.Done => [],
        RecordAnswer<T>.Refused refused => [.. refused.Refusals.Select(r => r.Sentence)],
        RecordAnswer<T>.NotFound missing => [missing.Sentence],
        RecordAnswer<T>.Unavailable away => [away.Sentence],
        _ => throw new ArgumentOutOfRangeException(nameof(answer), answer, "Unknown answer."),
    };
}
