using Microsoft.Extensions.Logging;
using OpsConsole.Core.Catalog;

namespace OpsConsole.Core.Signals;

/// <summary>Reads a source once, or twice where one read cannot tell, and says what it found. Nothing of it reaches the board; whether the binding is in use makes no difference.</summary>
/// <param name="catalog">The kinds of sources.</param>
/// <param name="time">The console's clock.</param>
/// <param name="log">Told of what is the console's own fault.</param>
public sealed class SourceTest(SourceCatalog catalog, TimeProvider time, ILogger<SourceTest>? log = null)
{
    /// <summary>Longest pause before a second read.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>How much longer than the binding's own limit a read is waited for: a source that does not keep to it is left behind.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>Tests a binding. It never throws for what is wrong with the source or the binding.</summary>
    /// <param name="binding">What to read.</param>
    /// <param name="version">The version to read one for that follows releases; left out of any other.</param>
    /// <param name="staleAfter">Age from which a value of a signal is too old to judge by; null: as where no release says otherwise.</param>
    /// <param name="progress">Told in words what is being done.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<SourceTestReport> RunAsync(
        SourceBinding binding, string? version = null, Func<SignalKey, TimeSpan>? staleAfter = null, IProgress<string>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(binding);
        var (began, started) = (time.GetUtcNow(), time.GetTimestamp());
        var (one, faults) = Bound(binding, version);
        if (faults.Count > 0)
        {
            return new() { Key = binding.Key, BegunAt = began, Faults = faults };
        }

        var source = catalog.Create(one);
        try
        {
            IReadOnlyList<SignalKey> awaited = [];
            progress?.Report("Reading it.");
            var (reads, failure) = (1, await ReadAsync(source, one, cancellationToken).ConfigureAwait(false));
            if (failure is null && NeedsAnother(one, source.Findings))
            {
                var pause = one.Interval < LongestPause ? one.Interval : LongestPause;
                progress?.Report($"Read once. What rises is seen between two reads: reading it again in {pause.TotalSeconds:0.#} s.");
                await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
                progress?.Report("Reading it again.");
                var before = source.Findings;
                (reads, failure) = (2, await ReadAsync(source, one, cancellationToken).ConfigureAwait(false));

                // Nothing was sent in between, so the second read could not tell more.
                awaited = failure is null && catalog.Find(one.Kind) is { IsSentTo: true }
                    ? [.. source.Findings.Where(f => f is { Kind: SampleKind.Missing, Series: > 0 } && before.Contains(f)).Select(static f => f.Signal)]
                    : [];
            }

            return new()
            {
                Key = binding.Key, Version = one.Version, BegunAt = began, Took = time.GetElapsedTime(started), Reads = reads, Failure = failure, Note = source.Note, Findings = source.Findings,
                Awaited = awaited, Old = Old(source.Findings, staleAfter ?? (signal => catalog.UsualStaleAfter(one, signal))),
            };
        }
        finally
        {
            await LetGoAsync(source).ConfigureAwait(false);
        }
    }

    /// <summary>The binding for one version, and what is wrong with it.</summary>
    private (SourceBinding Binding, IReadOnlyList<string> Faults) Bound(SourceBinding binding, string? version)
    {
        var faults = catalog.Faults(binding);
        if (faults.Count > 0 || !binding.FollowsReleases)
        {
            return (binding, faults.Count == 0 && version is not null && version != binding.Version ? [$"it is of version {binding.Version} alone"] : faults);
        }

        if (string.IsNullOrWhiteSpace(version))
        {
            return (binding, ["it is read for every version, so name one"]);
        }

        try
        {
            var one = binding.For(version);
            return (one, catalog.Faults(one));
        }
        catch (UriFormatException)
        {
            return (binding, [$"its address is none with the version {version[..Math.Min(version.Length, CatalogName.MaxLength)]} in its place"]);
        }
    }

    /// <summary>Null where the read worked, else why not.</summary>
    private async Task<string?> ReadAsync(ISignalSource source, SourceBinding binding, CancellationToken cancellationToken)
    {
        var limit = binding.Timeout + Grace;
        using var late = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            // In a task of its own: what does not listen to being cancelled is left behind.
            return await Task.Run(() => source.ReadAsync(static _ => { }, either.Token), CancellationToken.None).WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException)
        {
            return $"The source did not end its reading within {limit.TotalSeconds:0.#} s.";
        }
#pragma warning disable CA1031 // A source that breaks its promise is told of, not passed on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            log?.LogError(e, "Testing source {Source} broke.", binding.Key);
            return "The source could not be read because the console failed; its log says why.";
        }
    }

    /// <summary>True where a signal is made of increases and the first read had nothing to compare with.</summary>
    private static bool NeedsAnother(SourceBinding binding, IReadOnlyList<SignalFinding> found) => binding.Rules.Any(rule =>
        rule.Kind is SignalRuleKind.Ratio or SignalRuleKind.Quantile or SignalRuleKind.Rate && found.Any(f => f.Signal == rule.Signal && f.Kind == SampleKind.Missing && f.Series != 0));

    private IReadOnlyList<(SignalKey Signal, TimeSpan Age)> Old(IReadOnlyList<SignalFinding> found, Func<SignalKey, TimeSpan> staleAfter)
    {
        var now = time.GetUtcNow();
        return [.. found.Where(f => f is { Kind: SampleKind.Measured, Newest: { } at } && now - at >= staleAfter(f.Signal)).Select(f => (f.Signal, now - f.Newest!.Value))];
    }

    private static async Task LetGoAsync(ISignalSource source)
    {
        if (source is IAsyncDisposable far)
        {
            await far.DisposeAsync().ConfigureAwait(false);
        }
        else if (source is IDisposable near)
        {
            near.Dispose();
        }
    }
}
