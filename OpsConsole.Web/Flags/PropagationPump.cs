using OpsConsole.Core.Audit;
using OpsConsole.Core.Switches;

namespace OpsConsole.Web.Flags;

/// <summary>Shows open propagations four times a second, and stores them once a second.</summary>
internal sealed class PropagationPump(FlagAudience audience, PropagationBook book, TimeProvider time, ILogger<PropagationPump> logger) : BackgroundService
{
    /// <summary>Time between two looks at the open clocks.</summary>
    public static readonly TimeSpan Showing = TimeSpan.FromMilliseconds(250);

    /// <summary>Time between two stores of what is new.</summary>
    public static readonly TimeSpan Saving = TimeSpan.FromSeconds(1);

    private bool _away;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(ShowAsync(stoppingToken), SaveAsync(stoppingToken));

    private async Task ShowAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Showing, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                book.Take(audience.Step());
            }
#pragma warning disable CA1031 // A page that fails to show a count must not end the measuring.
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                logger.LogError(e, "Flags: a propagation could not be shown.");
            }
        }
    }

    private async Task SaveAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Saving, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await book.SaveAsync(stoppingToken);
                _away = false;
            }
            catch (RecordUnavailableException e)
            {
                if (!_away)
                {
                    logger.LogWarning(e, "Flags: propagations cannot be stored now; they are kept and stored later.");
                }

                _away = true;
            }
#pragma warning disable CA1031 // One that cannot be stored must not end the storing of the others to come.
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                logger.LogError(e, "Flags: a propagation could not be stored.");
            }
        }
    }
}
