using OpsConsole.Core.Access;
using OpsConsole.Core.Gates;

namespace OpsConsole.Core.Actions.Gate;

/// <summary>What someone is told of what stands against a command.</summary>
internal static class ToldRefusals
{
    /// <summary>Everything, for whoever may look. Who may neither act nor look is told that, and nothing of how things stand there.</summary>
    public static IReadOnlyList<Refusal> ToldTo(this IReadOnlyList<Refusal> found, Operator? by)
    {
        var barred = found.Where(r => r is NotPermittedRefusal or IRoleRefusal).ToList();
        return barred.Count == 0 || by?.May(Permission.BoardRead) == true ? found : barred;
    }
}
