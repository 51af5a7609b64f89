using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.HttpCheck;
using OpsConsole.Web.Playground;

namespace OpsConsole.Tests.Web.Playground;

/// <summary>The console's own checks of the playground's services, over HTTP.</summary>
public sealed class PlaygroundChecksTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("checks").FullName;
    private readonly PlaygroundServers _servers;

    public PlaygroundChecksTests() => _servers = new PlaygroundServers(_folder, new Uri("http://127.0.0.1:9/"), "token", "token", TimeProvider.System);

    public async ValueTask InitializeAsync() => await _servers.StartAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _servers.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Every_version_passes_its_checks_and_counts_none_of_them_as_users()
    {
        foreach (var running in _servers.Versions)
        {
            var binding = PlaygroundBindings.ChecksOf(running);
            Assert.Empty(HttpCheckSource.Faults(binding));
            var samples = new List<SignalSample>();

            await new HttpCheckSource(binding, () => new HttpClient(), TimeProvider.System).ReadAsync(samples.Add, TestContext.Current.CancellationToken);

            Assert.Equal(2 * binding.Checks.Count, samples.Count);
            Assert.All(samples.Where(s => KnownSignals.Find(s.Address.Signal.Value)!.Family == SignalFamily.Synthetic), s => Assert.Equal(100, s.Value));
            Assert.DoesNotContain(running.Counters.Write().Split('\n'), line => line.StartsWith("http_requests_total{", StringComparison.Ordinal) || line.StartsWith("checkout_attempts_total{", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Each_release_of_a_service_shows_the_checks_and_waits_for_none()
    {
        var signals = PlaygroundReleases.All(new Uri("http://127.0.0.1:9/")).Where(r => r.Target == "gateway").ToDictionary(r => r.Service, r => r.Signals!);

        foreach (var running in _servers.Versions)
        {
            Assert.All(PlaygroundBindings.ChecksOf(running).Checks, check => Assert.Equal(false, Assert.Single(signals[running.Service], s => s.Key == check.Signal.Value).Required));
        }
    }
}
