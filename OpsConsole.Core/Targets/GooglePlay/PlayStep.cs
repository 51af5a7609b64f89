using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Targets.GooglePlay;

/// <summary>The state that a release is to be given.</summary>
/// <param name="Status">As the API writes it.</param>
/// <param name="Fraction">Share of the users, above 0 and below 1; null where the status has none.</param>
internal sealed record PlayStep(string Status, double? Fraction)
{
    /// <summary>Smallest share that is asked for.</summary>
    private const double Smallest = 0.000001;

    /// <summary>What is to be done for a change; null where it is so already.</summary>
    /// <exception cref="TargetRefusedException">Play does no such thing.</exception>
    public static PlayStep? To(TargetChange change, PlayTrack track, PlayRelease release) => change.Halted ? Halt(change, release) : Grow(change, track, release);

    private static PlayStep? Halt(TargetChange change, PlayRelease release) => release.Status switch
    {
        PlayRelease.Halted => null,
        PlayRelease.InProgress => new(PlayRelease.Halted, release.Fraction),
        PlayRelease.Completed => new(PlayRelease.Halted, null),
        _ => throw new TargetRefusedException($"{change.Version} is not rolled out ({release.Status}), so there is nothing to halt."),
    };

    private static PlayStep? Grow(TargetChange change, PlayTrack track, PlayRelease release)
    {
        if (change.ExposurePercent <= 0)
        {
            throw new TargetRefusedException($"Google Play takes nothing back. {PlayKind.InsteadOfRollback}");
        }

        var (wanted, now) = (change.ExposurePercent, release.Percent);
        var step = wanted >= 100 ? new PlayStep(PlayRelease.Completed, null) : new PlayStep(PlayRelease.InProgress, Math.Clamp(Math.Round(wanted / 100, 6), Smallest, 1 - Smallest));
        if (release.Status == step.Status && release.Fraction.Equals(step.Fraction))
        {
            return null;
        }

        if (release.Status == PlayRelease.Halted && !TargetConversation.Same(wanted, now))
        {
            throw new TargetRefusedException($"{change.Version} is halted at {Wording.Percent(now)} on Google Play. Resume it there, or halt it here and resume it, before it gets another share.");
        }

        if (release.Status is PlayRelease.InProgress or PlayRelease.Completed && wanted < now)
        {
            throw new TargetRefusedException($"{change.Version} is at {Wording.Percent(now)} already, and Google Play does not lower the share of a rollout that is under way. Halt it.");
        }

        return track.RollingOutBeside(release) is not { } other ? step
            : throw new TargetRefusedException($"{Named(other)} is being rolled out on the track {track.Name}, which rolls out one release at a time. Complete or halt that one first.");
    }

    private static string Named(PlayRelease release) => release.Name.Length > 0 ? release.Name : $"The release of version code {string.Join(", ", release.Codes)}";
}
