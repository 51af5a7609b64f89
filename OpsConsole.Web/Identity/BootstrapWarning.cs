using OpsConsole.Core.Access;

namespace OpsConsole.Web.Identity;

/// <summary>Says loudly, on record and in the log, that the token of the configuration is used: it may do everything and never ends, so it is for the first set-up.</summary>
internal sealed class BootstrapWarning(ServiceTokens tokens, SignInAudit audit, TimeProvider time, ILogger<BootstrapWarning> log) : BackgroundService
{
    /// <summary>It is said again where it is still used after this time.</summary>
    internal static readonly TimeSpan Again = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _used = new(0, 1);
    private long _toldAt = long.MinValue;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        tokens.BootstrapUsed += Note;
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        tokens.BootstrapUsed -= Note;
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        _used.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await _used.WaitAsync(stoppingToken);
            log.LogWarning("The bootstrap token of the configuration is used. It may do everything and never ends: make scoped tokens on /tokens, and take it out of the configuration.");
            await audit.RecordAsync(
                new Operator(ServiceTokens.Bootstrap, Role.Admin, IsService: true), "token.bootstrap",
                detail: "The bootstrap token of the configuration is used. It may do everything and never ends; scoped tokens are made on the page of tokens.");
        }
    }

    private void Note()
    {
        var (now, told) = (time.GetUtcNow().UtcTicks, Interlocked.Read(ref _toldAt));
        if ((told == long.MinValue || now - told >= Again.Ticks) && Interlocked.CompareExchange(ref _toldAt, now, told) == told && _used.CurrentCount == 0)
        {
            _used.Release();
        }
    }
}
