using Microsoft.EntityFrameworkCore;
using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Storage;

/// <summary>The consoles that share jobs through the database say every few seconds that they are there.</summary>
/// <param name="database">The record.</param>
/// <param name="own">This console's name among them.</param>
/// <param name="time">The clock.</param>
public sealed class OtherConsoles(RecordDatabase database, string own, TimeProvider time) : IOtherConsoles
{
    private static readonly TimeSpan There = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    /// <remarks>In words that both providers take; the names are as the scheduler's tables have them.</remarks>
    public Task<bool> AreThereAsync(CancellationToken cancellationToken) => database.ReadAsync(
        RecordDatabase.Live,
        async (context, token) =>
        {
            var since = (time.GetUtcNow() - There).UtcTicks;
            var others = await context.Database
                .SqlQuery<long>($"SELECT CAST(COUNT(*) AS bigint) AS \"Value\" FROM qrtz_SCHEDULER_STATE WHERE INSTANCE_NAME <> {own} AND LAST_CHECKIN_TIME > {since}")
                .ToListAsync(token);
            return others[0] > 0;
        },
        cancellationToken);
}
