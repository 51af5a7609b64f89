using Microsoft.Extensions.Options;

namespace OpsConsole.Web.Catalog;

/// <summary>Says at the start which secrets name no host: that may be meant, where no address tells where a secret goes, and else is found out only when one has gone elsewhere.</summary>
internal sealed class AnywhereWarning(IOptions<NamedSecrets> secrets, ILogger<AnywhereWarning> log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (secrets.Value.Anywhere is { Count: > 0 } anywhere)
        {
            log.LogWarning(
                "No hosts are named for the secrets {Secrets}: within its environment each may be sent to any host that a target or source of the catalogue names. Say where they may go with {Setting}.",
                string.Join(", ", anywhere), NamedSecrets.HostSetting("<name>"));
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
