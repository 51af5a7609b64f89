using OpsConsole.Core.Remote;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Remote.Outbound;

namespace OpsConsole.Tests.Contracts;

/// <summary>What every kind of source that is read over HTTP has to do as well. A subclass gives a local server that behaves as the API does.</summary>
public abstract class HttpSourceContract : SourceContract
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(500);

    private ApiServer _server = null!;

    /// <summary>The kind of source.</summary>
    /// <param name="connections">For kinds that connect by themselves.</param>
    /// <param name="client">For kinds that take a client for each read.</param>
    private protected abstract SourceKind Kind(RemoteConnections connections, Func<HttpClient> client);

    /// <summary>Makes the server.</summary>
    private protected abstract ApiServer Serve();

    /// <summary>What is read there, with <see cref="SourceContract.Secret"/> as its credential.</summary>
    private protected abstract SourceBinding Binding(Uri address, TimeSpan timeout);

    public override async ValueTask InitializeAsync()
    {
        _server = Serve();
        await _server.StartAsync(TestContext.Current.CancellationToken);
    }

    public override async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(nameof(ApiFault.Hangs))]
    [InlineData(nameof(ApiFault.LosesTheAnswer))]
    [InlineData(nameof(ApiFault.Busy))]
    [InlineData(nameof(ApiFault.BusyForLong))]
    [InlineData(nameof(ApiFault.Broken))]
    [InlineData(nameof(ApiFault.Away))]
    [InlineData(nameof(ApiFault.Nonsense))]
    [InlineData(nameof(ApiFault.Endless))]
    public async Task Whatever_goes_wrong_is_an_error_of_every_signal(string fault)
    {
        Assert.Null(Says(Saying.Good));
        var source = Source(Short);
        await ReadAsync(source);
        _server.Fail(Enum.Parse<ApiFault>(fault));

        var (samples, failure) = await ReadAsync(source);

        Assert.All(samples, s => Assert.Equal(SampleKind.Error, s.Kind));
        Assert.All(samples, s => Assert.EndsWith(".", s.Detail, StringComparison.Ordinal));
        Assert.All(samples, s => Assert.DoesNotContain(Secret, s.Detail, StringComparison.Ordinal));
        Assert.True(failure is not null || fault == nameof(ApiFault.Nonsense), "A read that failed says so.");
    }

    [Fact]
    public async Task After_the_fault_it_is_read_again()
    {
        Assert.Null(Says(Saying.Good));
        var (source, _) = await MeasuredAsync();
        _server.Fail(ApiFault.Away);
        await ReadAsync(source);
        _server.Fail(ApiFault.None, 0);

        Assert.All((await ReadAsync(source)).Samples, s => Assert.Equal(SampleKind.Measured, s.Kind));
    }

    private protected override ISignalSource Source() => Source(TimeSpan.FromMinutes(1));

    private ISignalSource Source(TimeSpan timeout)
    {
        var rules = OutboundRules.Read(["127.0.0.1"], out _);
        var connections = new RemoteConnections(new GuardedConnections(() => rules).Handler, TimeProvider.System);
        var catalog = new SourceCatalog([Kind(connections, () => new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan })]);
        return catalog.Create(Binding(_server.Address, timeout));
    }
}
