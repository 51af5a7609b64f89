namespace OpsConsole.Core.Releases;

/// <summary>When a release may name another as the bad one that it fixes forward.</summary>
/// <remarks>The fix takes the place of the bad release where that one is halted; it does not have to be resumed or finished first, which on a store would send it to everyone. Whoever has the bad version keeps it until the fix reaches them.</remarks>
public static class FixForward
{
    /// <summary>One sentence why not; null when it may.</summary>
    /// <param name="bad">The release that <see cref="ReleaseRegistration.Fixes"/> names, or null where there is none of that id.</param>
    /// <param name="registration">The fix.</param>
    public static string? WhyNot(Release? bad, ReleaseRegistration registration)
    {
        ArgumentNullException.ThrowIfNull(registration);
        if (bad is null)
        {
            return "There is no release of the id that 'fixes' names.";
        }

        if ((bad.Service, bad.Target, bad.Environment) != (registration.Service, registration.Target, registration.Environment))
        {
            return $"'fixes' names {bad.Service} {bad.Version} on {bad.Target}, {bad.Environment}: a fix goes to the same service, target and environment.";
        }

        return bad.Phase is ReleasePhase.Registered or ReleasePhase.RollingOut
            ? $"{bad.Service} {bad.Version} is still {(bad.Phase == ReleasePhase.Registered ? "waiting for its first stage" : "rolling out")}: halt it first, then register the fix."
            : null;
    }

    /// <summary>True where the fix may take the place of a release that is on its way.</summary>
    public static bool MayReplace(Release onItsWay, Release fix)
    {
        ArgumentNullException.ThrowIfNull(onItsWay);
        ArgumentNullException.ThrowIfNull(fix);
        return onItsWay.Phase == ReleasePhase.Halted && fix.FixesReleaseId == onItsWay.Id;
    }
}
