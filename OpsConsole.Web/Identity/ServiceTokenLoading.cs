using OpsConsole.Core.Access.Tokens;
using OpsConsole.Core.Storage;

namespace OpsConsole.Web.Identity;

/// <summary>Keeps the service tokens known, and deletes short-lived ones that are long over.</summary>
internal sealed class ServiceTokenLoading(StorageReady storage, IServiceTokenStore stored, ServiceTokenTable table, TimeProvider time, ILogger<ServiceTokenLoading> logger)
    : TokenLoading<ServiceToken, KnownServiceToken>("Service tokens", storage, stored, table, time, logger)
{
    private static readonly TimeSpan BetweenDeletions = TimeSpan.FromHours(1);

    private DateTimeOffset _deleted;

    protected override async Task NowAndThenAsync(DateTimeOffset now, CancellationToken stoppingToken)
    {
        if (now - _deleted >= BetweenDeletions)
        {
            await stored.ForgetAsync(now - TokenLife.Kept, stoppingToken);
            _deleted = now;
        }
    }
}
