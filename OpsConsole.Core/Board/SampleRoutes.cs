using System.Collections.Concurrent;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Board;

/// <summary>Which series a sample belongs to. Read by any thread without a lock, changed by one at a time.</summary>
internal sealed class SampleRoutes
{
    // Arrays are replaced, never changed.
    private readonly ConcurrentDictionary<SignalAddress, SignalSeries[]> _series = [];

    public bool TryFind(in SignalAddress address, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SignalSeries[]? series) => _series.TryGetValue(address, out series);

    public void Add(TrackedRelease release)
    {
        foreach (var (address, series) in Of(release))
        {
            _series.AddOrUpdate(address, static (_, one) => [one], static (_, list, one) => [.. list, one], series);
        }
    }

    public void Remove(TrackedRelease release)
    {
        foreach (var (address, series) in Of(release))
        {
            var left = Array.FindAll(_series[address], s => s != series);
            if (left.Length > 0)
            {
                _series[address] = left;
            }
            else
            {
                _series.TryRemove(address, out _);
            }
        }
    }

    /// <summary>Where samples of a release come from: its own version is the canary, the previous one the baseline.</summary>
    private static IEnumerable<(SignalAddress Address, SignalSeries Series)> Of(TrackedRelease release)
    {
        var of = release.Identity;
        foreach (var signal in release.Signals)
        {
            yield return (new(of.Service, of.Target, of.Environment, of.Version, signal.Key), signal.Canary);
            if (signal.Baseline is { } baseline && of.PreviousVersion is { } previous)
            {
                yield return (new(of.Service, of.Target, of.Environment, previous, signal.Key), baseline);
            }
        }
    }
}
