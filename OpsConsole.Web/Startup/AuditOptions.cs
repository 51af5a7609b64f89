namespace OpsConsole.Web.Startup;

/// <summary>Settings of the audit, section <c>OpsConsole:Audit</c>.</summary>
public sealed class AuditOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "OpsConsole:Audit";

    /// <summary>How long lines are kept, at least 90 days, for example <c>400</c> (days) or <c>400.00:00:00</c>. Left out, for ever.</summary>
    public TimeSpan? Retention { get; set; }
}
