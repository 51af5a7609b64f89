using System.Collections.Concurrent;
using OpsConsole.Core.Targets.AppStore;
using OpsConsole.Web.Playground.Servers;
using OpsConsole.Web.Playground.Traffic;

namespace OpsConsole.Web.Playground.Devices;

/// <summary>The phones of one platform: each in turn looks for an update and opens the app.</summary>
internal sealed class DevicePopulation
{
    /// <summary>Sessions a second: every phone opens the app once in 25 s.</summary>
    public const double SessionRate = 12;

    private const int MaxInFlight = 100;
    private const int MaxVersions = 8;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan UpdateTimeout = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, SessionTally> _tallies = new(StringComparer.Ordinal);
    private readonly Device[] _devices;
    private readonly HttpClient _http;
    private readonly Uri _updates;
    private readonly PocketApp _app;
    private readonly string _path;
    private readonly TimeProvider _time;
    private int _inFlight;
    private int _turn;
    private int _installs;
    private int _savedInstalls;

    /// <summary>The devices as they were left in <paramref name="path"/>; the others have <paramref name="version"/>.</summary>
    public DevicePopulation(HttpClient http, StorePlatform platform, Uri updates, PocketApp app, string version, string path, TimeProvider time)
    {
        _http = http;
        _updates = updates;
        _app = app;
        _path = path;
        _time = time;
        Platform = platform;
        _devices = Device.All(platform, version, AtomicFile.Read<Dictionary<string, string>>(path));
    }

    public StorePlatform Platform { get; }

    public IReadOnlyList<Device> Devices => _devices;

    /// <summary>What came since the last report, by version.</summary>
    public IEnumerable<(string Version, SessionReport Report)> TakeReports() => _tallies
        .Select(entry => (Version: entry.Key, Report: entry.Value.Take()))
        .Where(entry => entry.Report is not null)
        .Select(entry => (entry.Version, entry.Report!));

    /// <summary>Opens sessions until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Tick, _time);
        var pace = new Pace(SessionRate, _time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            for (var due = pace.TakeDue(); due > 0 && Volatile.Read(ref _inFlight) < MaxInFlight; due--)
            {
                _ = UseAsync(_devices[_turn++ % _devices.Length], cancellationToken);
            }

            SaveInstalls();
        }
    }

    /// <summary>One device looks for an update and opens the app. A crash ends here and is counted.</summary>
    internal async Task UseAsync(Device device, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _inFlight);
        try
        {
            await UpdateAsync(device, cancellationToken);
            if (TallyOf(device.Version) is not { } tally)
            {
                return;
            }

            try
            {
                tally.Add(device.Id, await _app.OpenAsync(device, cancellationToken));
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                tally.AddCrash(device.Id);
            }
        }
        catch (OperationCanceledException)
        {
            // The console is being stopped.
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private SessionTally? TallyOf(string version)
    {
        if (_tallies.TryGetValue(version, out var tally))
        {
            return tally;
        }

        if (_tallies.Count >= MaxVersions)
        {
            foreach (var unused in _tallies.Keys.Except(_devices.Select(device => device.Version)).ToList())
            {
                _tallies.TryRemove(unused, out _);
            }
        }

        return _tallies.Count < MaxVersions ? _tallies.GetOrAdd(version, _ => new SessionTally(_time)) : null;
    }

    private async Task UpdateAsync(Device device, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(UpdateTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using var response = await _http.GetAsync(new Uri($"{_updates}?device={device.Id}"), either.Token);
            if (response.IsSuccessStatusCode && device.Install(await response.Content.ReadAsStringAsync(either.Token)))
            {
                Interlocked.Increment(ref _installs);
            }
        }
        catch (HttpRequestException)
        {
            // The store is away: the app opens as it is.
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Likewise.
        }
    }

    /// <summary>Devices remember what they have over a restart of the console, since a store takes nothing back.</summary>
    private void SaveInstalls()
    {
        var installs = Volatile.Read(ref _installs);
        if (installs == _savedInstalls)
        {
            return;
        }

        try
        {
            AtomicFile.Write(_path, _devices.ToDictionary(device => device.Id, device => device.Version));
            _savedInstalls = installs;
        }
        catch (IOException)
        {
            // A full disk does not keep phones from being used; it is tried again with the next tick.
        }
    }
}
