using Microsoft.EntityFrameworkCore;
using OpsConsole.Core.Switches;

namespace OpsConsole.Core.Storage;

/// <summary>Measured propagations in the database.</summary>
public sealed class PropagationStore(RecordDatabase database) : IPropagationStore
{
    private const int Most = 200;

    private static readonly object Done = new();

    /// <inheritdoc/>
    public Task SaveAsync(FlagPropagation value, CancellationToken cancellationToken) => database.WriteAsync<object>(
        RecordDatabase.Live,
        async (context, token) =>
        {
            if (await context.FlagPropagations.SingleOrDefaultAsync(p => p.Id == value.Id, token) is { } stored)
            {
                context.Entry(stored).CurrentValues.SetValues(value);
            }
            else
            {
                context.FlagPropagations.Add(value);
            }

            await context.SaveChangesAsync(token);
            return Done;
        },

        // Saving the same again changes nothing.
        (_, _) => Task.FromResult<object?>(null),
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<FlagPropagation>> LatestAsync(string? key, int take, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<FlagPropagation>>(
        RecordDatabase.Browsing,
        async (context, token) => await Latest(context, key, Math.Clamp(take, 1, Most)).ToListAsync(token),
        cancellationToken);

    internal static IQueryable<FlagPropagation> Latest(OpsConsoleDbContext context, string? key, int take) => context.FlagPropagations.AsNoTracking()
        .Where(p => key == null || p.Key == key)
        .OrderByDescending(p => p.FlippedAt).ThenByDescending(p => p.Id)
        .Take(take);
}
