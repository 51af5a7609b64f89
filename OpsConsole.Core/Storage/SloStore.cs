using Microsoft.EntityFrameworkCore;
using OpsConsole.Core.Slos;
using OpsConsole.Core.Storage.Mappings;

namespace OpsConsole.Core.Storage;

/// <summary>Objectives, their counted events and their alerts in the database. What is written is absolute, so that writing it again after a broken try changes nothing.</summary>
public sealed class SloStore(RecordDatabase database) : ISloStore
{
    private static readonly object Done = new();

    /// <inheritdoc/>
    public Task<IReadOnlyList<Slo>> ListAsync(CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<Slo>>(
        RecordDatabase.Browsing,
        async (context, token) => await All(context).ToListAsync(token),
        cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> SaveAsync(Slo slo, bool keepsCounts, CancellationToken cancellationToken) => (bool)await database.WriteAsync<object>(
        RecordDatabase.Live,
        async (context, token) =>
        {
            await using var transaction = await context.Database.BeginTransactionAsync(token);
            var there = await context.Slos.AsNoTracking().AnyAsync(s => s.Name == slo.Name, token);
            var row = context.Entry(slo);
            row.State = there ? EntityState.Modified : EntityState.Added;
            StorableText.In(row);
            if (!keepsCounts)
            {
                await Windows(context, slo.Name).ExecuteDeleteAsync(token);
            }

            await context.SaveChangesAsync(token);
            await transaction.CommitAsync(token);
            return !there;
        },
        Never,
        cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(string name, CancellationToken cancellationToken) => (bool)await database.WriteAsync<object>(
        RecordDatabase.Live,
        async (context, token) =>
        {
            await using var transaction = await context.Database.BeginTransactionAsync(token);
            await Windows(context, name).ExecuteDeleteAsync(token);
            var gone = await context.Slos.Where(s => s.Name == name).ExecuteDeleteAsync(token);
            await transaction.CommitAsync(token);
            return gone > 0;
        },
        Never,
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SloWindow>> WindowsAsync(string name, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<SloWindow>>(
        RecordDatabase.Browsing,
        async (context, token) => await Oldest(context, name).ToListAsync(token),
        cancellationToken);

    /// <inheritdoc/>
    public Task WriteAsync(IReadOnlyList<SloWindow> windows, CancellationToken cancellationToken) => windows.Count == 0
        ? Task.CompletedTask
        : database.WriteAsync(
            RecordDatabase.Browsing,
            async (context, token) =>
            {
                context.ChangeTracker.AutoDetectChangesEnabled = false;
                var there = (await There(context, windows).ToListAsync(token)).Select(Key).ToHashSet();
                foreach (var window in windows.DistinctBy(Key))
                {
                    context.Entry(window).State = there.Contains(Key(window)) ? EntityState.Modified : EntityState.Added;
                }

                await context.SaveChangesAsync(token);
                return Done;
            },
            Never,
            cancellationToken);

    /// <inheritdoc/>
    public Task<long> TrimAsync(string name, int widthSeconds, DateTimeOffset olderThan, CancellationToken cancellationToken) => database.ReadAsync<long>(
        RecordDatabase.Browsing,
        async (context, token) => await Aged(context, name, widthSeconds, olderThan).ExecuteDeleteAsync(token),
        cancellationToken);

    /// <inheritdoc/>
    public Task SaveAsync(IReadOnlyList<SloAlert> alerts, CancellationToken cancellationToken) => alerts.Count == 0
        ? Task.CompletedTask
        : database.WriteAsync(
            RecordDatabase.Live,
            async (context, token) =>
            {
                var ids = alerts.Select(a => a.Id).ToList();
                var there = (await context.SloAlerts.AsNoTracking().Where(a => ids.Contains(a.Id)).Select(a => a.Id).ToListAsync(token)).ToHashSet();
                foreach (var alert in alerts)
                {
                    var row = context.Entry(alert);
                    row.State = there.Contains(alert.Id) ? EntityState.Modified : EntityState.Added;
                    StorableText.In(row);
                }

                await context.SaveChangesAsync(token);
                return Done;
            },
            Never,
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SloAlert>> FiringAsync(CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<SloAlert>>(
        RecordDatabase.Browsing,
        async (context, token) => await Firing(context).ToListAsync(token),
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SloAlert>> AlertsAsync(string name, int take, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<SloAlert>>(
        RecordDatabase.Browsing,
        async (context, token) => await Newest(context, name, take).ToListAsync(token),
        cancellationToken);

    internal static IQueryable<Slo> All(OpsConsoleDbContext context) => context.Slos.AsNoTracking().OrderBy(s => s.Name);

    internal static IQueryable<SloWindow> Oldest(OpsConsoleDbContext context, string name) =>
        Windows(context, name).AsNoTracking().OrderBy(w => w.WidthSeconds).ThenBy(w => w.Start).ThenBy(w => w.Version);

    internal static IQueryable<SloWindow> Aged(OpsConsoleDbContext context, string name, int widthSeconds, DateTimeOffset olderThan) =>
        Windows(context, name).Where(w => w.WidthSeconds == widthSeconds && w.Start < olderThan);

    /// <summary>Buckets of the same objectives in the same span of time.</summary>
    internal static IQueryable<SloWindow> There(OpsConsoleDbContext context, IReadOnlyList<SloWindow> windows)
    {
        var names = windows.Select(w => w.Slo).Distinct().ToList();
        var first = windows.Min(w => w.Start);
        var last = windows.Max(w => w.Start);
        return context.SloWindows.AsNoTracking().Where(w => names.Contains(w.Slo) && w.Start >= first && w.Start <= last);
    }

    internal static IQueryable<SloAlert> Firing(OpsConsoleDbContext context) => context.SloAlerts.AsNoTracking().Where(a => a.ResolvedAt == null).OrderBy(a => a.FiredAt);

    internal static IQueryable<SloAlert> Newest(OpsConsoleDbContext context, string name, int take) => context.SloAlerts.AsNoTracking()
        .Where(a => a.Slo == name).OrderByDescending(a => a.FiredAt).ThenByDescending(a => a.Id).Take(Math.Max(take, 1));

    private static IQueryable<SloWindow> Windows(OpsConsoleDbContext context, string name) => context.SloWindows.Where(w => w.Slo == name);

    private static (string Slo, int Width, DateTimeOffset Start, string Version) Key(SloWindow window) =>
        (window.Slo, window.WidthSeconds, InstantConverter.ToMicroseconds(window.Start), window.Version);

    /// <summary>A broken try is simply made again.</summary>
    private static Task<object?> Never(OpsConsoleDbContext context, CancellationToken cancellationToken) => Task.FromResult<object?>(null);
}
