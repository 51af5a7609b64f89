namespace OpsConsole.Web.Components.Connections;

/// <summary>What a test does, told at once and in order, where the framework's own would be told some time later.</summary>
/// <param name="say">Takes each step in words.</param>
internal sealed class TestSteps(Action<string> say) : IProgress<string>
{
    public void Report(string value) => say(value);
}
