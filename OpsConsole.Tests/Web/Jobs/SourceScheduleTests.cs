using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpsConsole.Core.Signals;
using OpsConsole.Tests.Core.Sources.PrometheusText;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Jobs;
using OpsConsole.Web.Startup;
using Quartz;

namespace OpsConsole.Tests.Web.Jobs;

/// <summary>The whole way with the real scheduler and real HTTP: a binding, its job, a server, samples.</summary>
public sealed class SourceScheduleTests : IAsyncLifetime
{
    private readonly KeepingSink _sink = new();
    private readonly ConcurrentDictionary<string, FakeSource> _fakes = new();
    private readonly CancellationTokenSource _end = new(TimeSpan.FromSeconds(60));
    private WebApplication _server = null!;
    private WebApplication _console = null!;

    public async ValueTask InitializeAsync()
    {
        var server = QuietWebApplication.CreateBuilder();
        _server = server.Build();
        _server.MapGet("/metrics", () => "queue 7\n");
        _server.MapGet("/elsewhere", () => Results.Redirect("/metrics"));
        _server.MapGet("/broken", () => Results.StatusCode(500));
        _server.MapGet("/hanging", async (HttpContext context) =>
        {
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        _server.MapGet("/huge", async (HttpContext context) =>
        {
            var kilobyte = new byte[1024];
            Array.Fill(kilobyte, (byte)'\n');
            for (var i = 0; i < 100 * 1024; i++)
            {
                await context.Response.Body.WriteAsync(kilobyte, context.RequestAborted);
            }
        });
        await _server.StartAsync();
        _console = Console();
        await _console.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _console.DisposeAsync();
        await _server.DisposeAsync();
        _end.Dispose();
    }

    [Fact]
    public async Task A_source_is_read_again_and_again_until_it_is_removed()
    {
        await Schedule.AddAsync(Binding("good", "/metrics"), _end.Token);

        await Until(() => _sink.Samples.Count >= 2);
        Assert.All(_sink.Samples, s => Assert.Equal((SampleKind.Measured, 7.0), (s.Kind, s.Value)));
        var status = Assert.Single(Schedule.List());
        Assert.Equal("good", status.Binding.Key);
        Assert.NotNull(status.LastReadAt);

        await Schedule.RemoveAsync("good", _end.Token);
        Assert.Empty(Schedule.List());
        var scheduler = await _console.Services.GetRequiredService<ISchedulerFactory>().GetScheduler(_end.Token);
        Assert.False(await scheduler.Exists(new JobKey("good", "sources"), _end.Token));
    }

    [Theory]
    [InlineData("/elsewhere", "a redirect, which is not followed")]
    [InlineData("/broken", "answered 500")]
    [InlineData("/hanging", "did not answer within")]
    [InlineData("/huge", "more than 4096 KiB")]
    [InlineData("http://127.0.0.1:9/metrics", "does not accept connections")]
    public async Task A_bad_source_becomes_an_error_for_its_signals(string path, string reason)
    {
        await Schedule.AddAsync(Binding("bad", path) with { Timeout = TimeSpan.FromSeconds(path == "/hanging" ? 0.5 : 30) }, _end.Token);

        await Until(() => _sink.Samples.Count > 0);

        var sample = _sink.Samples[0];
        Assert.Equal(SampleKind.Error, sample.Kind);
        Assert.Contains(reason, sample.Detail, StringComparison.Ordinal);
        await Until(() => Schedule.List()[0].LastError == sample.Detail);
    }

    [Fact]
    public async Task A_slow_source_is_not_read_again_before_it_answered_and_holds_up_no_other()
    {
        var answer = new TaskCompletionSource<string?>();
        await Schedule.AddAsync(Binding("slow", "/metrics") with { Kind = "fake" }, _end.Token);
        _fakes["slow"].Answer = _ => answer.Task;
        await Until(() => _fakes["slow"].Reads == 1);
        await Schedule.AddAsync(Binding("quick", "/metrics") with { Kind = "fake" }, _end.Token);

        // Three reads of the quick source are more than two intervals of the slow one.
        await Until(() => _fakes["quick"].Reads >= 3);
        Assert.Equal(1, _fakes["slow"].Reads);

        answer.SetResult(null);
        await Until(() => _fakes["slow"].Reads >= 2);
        Assert.False(_fakes["slow"].Overlapped);
    }

    [Fact]
    public async Task A_replaced_binding_is_read_in_place_of_the_old_one()
    {
        await Schedule.AddAsync(Binding("one", "/broken"), _end.Token);
        await Schedule.AddAsync(Binding("one", "/metrics") with { Version = "2.0.0" }, _end.Token);
        var before = _sink.Samples.Count;

        await Until(() => _sink.Samples.Count > before + 1);

        Assert.All(_sink.Samples.Skip(before + 1), s => Assert.Equal(("2.0.0", 7.0), (s.Address.Version, s.Value)));
        Assert.Equal("2.0.0", Assert.Single(Schedule.List()).Binding.Version);
    }

    [Fact]
    public async Task A_binding_with_faults_is_refused_and_not_scheduled()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Schedule.AddAsync(Binding("bad", "/metrics") with { Interval = TimeSpan.Zero }, _end.Token));

        Assert.Empty(Schedule.List());
    }

    [Fact]
    public async Task Configured_sources_are_read_from_the_start()
    {
        await using var console = Console(
            ("one:Service", "shop"), ("one:Target", "gateway"), ("one:Environment", "production"), ("one:Version", "1.0.0"),
            ("one:Address", Url("/metrics").ToString()), ("one:Interval", "1s"), ("one:Signals:queue_depth:Rule", "gauge"), ("one:Signals:queue_depth:Numerator", "queue"));
        await console.StartAsync();

        await Until(() => _sink.Samples.Count > 0);
        Assert.Equal("1.0.0", _sink.Samples[0].Address.Version);
    }

    [Fact]
    public async Task A_console_with_wrong_sources_does_not_start_and_names_every_fault()
    {
        await using var console = Console(("one:Service", "shop"), ("one:Intervall", "1s"), ("two:Address", "x"));

        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => console.StartAsync());

        Assert.Contains(fault.Failures, f => f.StartsWith("OpsConsole:Sources:one:Intervall is not a setting", StringComparison.Ordinal));
        Assert.Contains(fault.Failures, f => f.StartsWith("OpsConsole:Sources:two:Address is not a whole", StringComparison.Ordinal));
    }

    private ISourceSchedule Schedule => _console.Services.GetRequiredService<ISourceSchedule>();

    private Uri Url(string path) => new(new Uri(_server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()), path);

    private SourceBinding Binding(string key, string path) => ScriptedSource.Binding(ScriptedSource.Gauge("queue")) with
    {
        Key = key, Address = Url(path), Interval = TimeSpan.FromSeconds(1), Timeout = TimeSpan.FromSeconds(30),
    };

    private WebApplication Console(params (string Key, string Value)[] sources)
    {
        var builder = QuietWebApplication.CreateBuilder();
        foreach (var (key, value) in sources)
        {
            builder.Configuration[$"OpsConsole:Sources:{key}"] = value;
        }

        builder.Services.AddSingleton<ISampleSink>(_sink);
        builder.Services.AddSingleton(new SourceKind("fake", _ => [], binding => _fakes[binding.Key] = new FakeSource(binding)));
        builder.Configuration["OpsConsole:Outbound:Allow"] = "loopback";
        builder.AddSourceCollection();
        return builder.Build();
    }

    private async Task Until(Func<bool> condition)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!condition())
        {
            await poll.WaitForNextTickAsync(_end.Token);
        }
    }
}
