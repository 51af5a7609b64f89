using Microsoft.Extensions.Options;

namespace OpsConsole.Web.Identity;

/// <summary>Says at the start that the configured roles let nobody administer: that may be meant, where tokens and files do it, and else is found out only when it is needed.</summary>
internal sealed class NoAdminWarning(IOptions<SignInOptions> options, ILogger<NoAdminWarning> log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!RoleMapping.LetsAdminister(options.Value))
        {
            log.LogWarning(
                "{Section} makes nobody admin everywhere: no one who signs in can change policies, objectives, tokens, the catalogue or flag clients. Give a value under Roles:Admin, and under Admin of every environment that Environments names.",
                SignInOptions.Section);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
