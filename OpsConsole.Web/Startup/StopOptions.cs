namespace OpsConsole.Web.Startup;

/// <summary>How the console stops when it is asked to (SIGTERM), section <c>OpsConsole:Stop</c>.</summary>
public sealed class StopOptions
{
    /// <summary>How long the console goes on answering, not ready any more, before it closes its address: time for a load balancer to notice. 0 to 1 minute.</summary>
    public TimeSpan Pause { get; set; } = TimeSpan.Zero;

    /// <summary>How long actions that are under way may take to end. What does not is taken up by another console or the next start. 0 to 2 minutes.</summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(25);
}
