using OpsConsole.Core.Access;

namespace OpsConsole.Core.Releases;

/// <summary>What a registration may do beside adding a release: who registers neither moves one nor reaches into other environments by it.</summary>
internal static class RegistrationRights
{
    /// <summary>A policy by which the console promotes by itself is a promotion given in advance. One of the library was saved by those who may; one of the release's own comes with whoever registers it.</summary>
    /// <param name="policy">As it was read.</param>
    /// <param name="there">Who registers, seen from the release's environment.</param>
    public static string? WhyNotPromoting(RegistrationPolicy policy, Operator there) =>
        policy is { PromotesByItself: true, Snapshot.Name: null }
            ? there.WhyNot(Permission.ReleasesPromote, "register a release whose own policy has the console promote it (delivery mode deployment; a policy of the library may be named instead)")
            : null;

    /// <summary>A switch that is made is on in every environment at once.</summary>
    /// <param name="key">The switch, which is not there yet.</param>
    /// <param name="everywhere">Who registers, seen from all environments.</param>
    public static string? WhyNotBringing(string key, Operator everywhere) =>
        !everywhere.May(Permission.SwitchesTarget) && everywhere.WhyNot(Permission.ReleasesRegister, "register releases") is { } why
            ? $"The switch {key} is not there yet, and one that comes with a release is on in every environment. {why} Or have the switch made first."
            : null;
}
