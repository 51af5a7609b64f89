using OpsConsole.Core.Releases;
using OpsConsole.Core.Switches;
using OpsConsole.Web.Playground.Devices;
using OpsConsole.Web.Playground.Rollouts;
using OpsConsole.Web.Playground.Shop;

namespace OpsConsole.Web.Playground;

/// <summary>Brings the console's record and the playground's targets together: registers what is missing, and sets targets that know less than the record.</summary>
internal sealed class PlaygroundRegister(IReleaseStore releases, ISwitchStore switches, SwitchBoard flags, RegisterRelease register, TimeProvider time, ILogger logger)
{
    /// <summary>Adds the switches of the shop and of the app, those that are not there.</summary>
    public async Task AddSwitchesAsync(CancellationToken cancellationToken)
    {
        await AddSwitchAsync(Recommendations.Flag, "commerce", "personal recommendations in the shop", cancellationToken);
        await AddSwitchAsync(PocketApp.BudgetFlag, "mobile", "the daily budget on the first screen of pocket", cancellationToken);
    }

    private async Task AddSwitchAsync(string key, string owner, string turnsOff, CancellationToken cancellationToken)
    {
        var added = await switches.AddAsync(new KillSwitch { Key = key, Owner = owner, TurnsOff = turnsOff, ChangedAt = time.GetUtcNow() }, cancellationToken);
        if (await switches.FindAsync(key, cancellationToken) is { } stored)
        {
            flags.Set(stored);
        }

        logger.LogInformation("playground: switch {Switch} {State}", key, added ? "added" : "is there");
    }

    /// <summary>Registers the rollouts that are not on record, and returns the releases of the playground.</summary>
    public async Task<IReadOnlyList<Guid>> RegisterAsync(PlaygroundServers servers, Uri console, CancellationToken cancellationToken)
    {
        var known = await releases.ListBoardAsync(cancellationToken);
        List<Guid> ours = [];
        foreach (var registration in PlaygroundReleases.All(console))
        {
            var table = servers.TableOf(registration.Target);
            if (known.FirstOrDefault(release => IsFor(release, registration)) is { } release)
            {
                Align(table, release);
                ours.Add(release.Id);
                continue;
            }

            // Nobody may have a version before the gate has let it through, whatever an older record left behind.
            table.Put(registration.Service, new RolloutChange(Guid.CreateVersion7(), registration.Version, registration.PreviousVersion, 0, Halted: false));
            switch (await register.RegisterAsync(registration, PlaygroundPipeline.Operator, cancellationToken))
            {
                case RegisterAnswer.Registered registered:
                    ours.Add(registered.Release.Id);
                    logger.LogInformation("playground: registered {Service} {Version} for {Target}", registration.Service, registration.Version, registration.Target);
                    break;
                case var answer:
                    throw new InvalidOperationException($"{registration.Service} {registration.Version} was not registered for {registration.Target}: {Describe(answer)}");
            }
        }

        return ours;
    }

    /// <summary>A target that knows the release keeps what it has: the console reads it back and shows where the two differ. One that does not is set to what is on record.</summary>
    private void Align(RolloutTable table, Release release)
    {
        if (table.Find(release.Service) is { } rollout && rollout.Version == release.Version)
        {
            return;
        }

        table.Put(
            release.Service,
            new RolloutChange(Guid.CreateVersion7(), release.Version, release.PreviousVersion, release.ExposurePercent, release.Phase == ReleasePhase.Halted));
        logger.LogInformation("playground: {Target} set to {Percent} % of {Service} {Version}, as on record", release.Target, release.ExposurePercent, release.Service, release.Version);
    }

    private static bool IsFor(Release release, ReleaseRegistration registration) =>
        release.Service == registration.Service && release.Target == registration.Target && release.Environment == registration.Environment;

    internal static string Describe(RegisterAnswer answer) => answer switch
    {
        RegisterAnswer.Registered => "registered",
        RegisterAnswer.Invalid invalid => string.Join(" ", invalid.Faults.Select(fault => $"{fault.Path}: {fault.Sentence}")),
        RegisterAnswer.Conflict conflict => conflict.Sentence,
        RegisterAnswer.NotPermitted notPermitted => notPermitted.Sentence,
        RegisterAnswer.Unavailable unavailable => unavailable.Sentence,
        _ => answer.GetType().Name,
    };
}
