using Microsoft.Extensions.Options;

namespace OpsConsole.Web.Jobs;

/// <summary>Puts the configured sources on the schedule when the console starts.</summary>
internal sealed class ConfiguredSources(IOptions<SourceOptions> options, ISourceSchedule schedule) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var binding in options.Value.Bindings.Where(b => !b.FollowsReleases))
        {
            await schedule.AddAsync(binding, cancellationToken).ConfigureAwait(false);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
