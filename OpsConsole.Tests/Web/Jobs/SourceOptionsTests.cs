using Microsoft.Extensions.Configuration;
using OpsConsole.Core.Connections;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.HttpCheck;
using OpsConsole.Core.Sources.PrometheusText;
using OpsConsole.Web.Jobs;

namespace OpsConsole.Tests.Web.Jobs;

public sealed class SourceOptionsTests
{
    [Fact]
    public void A_source_is_read_from_configuration()
    {
        var options = Read("""
            { "OpsConsole": { "Sources": { "shop-canary": {
              "Service": "shop", "Target": "gateway", "Environment": "production", "Version": "2.15.0",
              "Address": "http://shop.internal:9100/metrics", "Interval": "2s", "Timeout": "500ms",
              "Signals": {
                "http_5xx_rate": { "Rule": "ratio", "Numerator": "requests_total{status=~\"5..\"}", "Denominator": "requests_total" },
                "p99_latency": { "Rule": "Quantile", "Numerator": "request_seconds", "Quantile": 0.99, "Scale": 1000, "Window": "00:00:30" } } } } } }
            """);

        Assert.Empty(options.Faults);
        var binding = Assert.Single(options.Bindings);
        Assert.Equal(("shop-canary", "prometheus-text", "shop", "gateway", "production", "2.15.0"), (binding.Key, binding.Kind, binding.Service, binding.Target, binding.Environment, binding.Version));
        Assert.Equal((TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(500)), (binding.Interval, binding.Timeout));
        Assert.Equal("requests_total{status=~\"5..\"}", binding.Rules[0].Numerator);
        Assert.Equal((SignalRuleKind.Quantile, 0.99, 1000, TimeSpan.FromSeconds(30)), (binding.Rules[1].Kind, binding.Rules[1].Quantile!.Value, binding.Rules[1].Scale, binding.Rules[1].Window));
    }

    [Fact]
    public void Checks_are_read_from_configuration()
    {
        var options = Read("""
            { "OpsConsole": { "Sources": { "shop-checks": {
              "Kind": "http-check", "Service": "shop", "Target": "gateway", "Environment": "production", "Version": "2.15.0", "Address": "http://shop.internal:8080",
              "Checks": {
                "home": { "Contains": "Welcome", "LatencyLimit": "800ms", "FollowRedirects": "true" },
                "checkout": { "Method": "post", "Path": "/checkout", "Body": "{}", "Status": "200-204, 302" } } } } } }
            """);

        Assert.Empty(options.Faults);
        var checks = Assert.Single(options.Bindings).Checks;
        var (checkout, home) = (checks[0], checks[1]);
        Assert.Equal(("home", "/", "Welcome", TimeSpan.FromMilliseconds(800), true), (home.Name, home.Path, home.Contains, home.LatencyLimit!.Value, home.FollowRedirects));
        Assert.Equal((HttpCheckMethod.Post, "/checkout", "{}"), (checkout.Method, checkout.Path, checkout.Body));
        Assert.Equal([new(200, 204), new(302, 302)], checkout.Status);
    }

    [Fact]
    public void Faults_of_checks_are_named_with_their_place()
    {
        var options = Read("""
            { "OpsConsole": { "Sources": {
              "one": { "Kind": "http-check", "Service": "shop", "Target": "gateway", "Environment": "production", "Version": "1", "Address": "http://x",
                "Checks": { "home": { "Method": "PUT", "Status": "ok", "Colour": "red", "FollowRedirects": "maybe", "LatencyLimit": "5" } } },
              "two": { "Service": "shop", "Target": "gateway", "Environment": "staging", "Version": "1", "Address": "http://x", "Checks": { "home": {} } },
              "three": { "Kind": "http-check", "Service": "shop", "Target": "gateway", "Environment": "production", "Version": "1", "Address": "http://x", "Checks": { "Home": {} } } } } }
            """);

        string[] expected =
        [
            "OpsConsole:Sources:one:Checks:home:Colour is not a setting", "OpsConsole:Sources:one:Checks:home:Method is none of", "OpsConsole:Sources:one:Checks:home:FollowRedirects is neither",
            "OpsConsole:Sources:one:Checks:home:Status is not a list", "OpsConsole:Sources:one:Checks:home:LatencyLimit is not a time",
            "OpsConsole:Sources:two: checks belong to a source of the kind http-check.", "OpsConsole:Sources:three: check 'Home': its name",
        ];
        Assert.All(expected, start => Assert.Contains(options.Faults, f => f.StartsWith(start, StringComparison.Ordinal)));
        Assert.Equal(expected.Length, options.Faults.Count);
    }

    [Fact]
    public void A_slip_in_the_kind_is_told_as_that_alone()
    {
        var options = Read(Guarded("\"Kind\": \"htp-check\", \"Project\": \"pocket\""));

        var fault = Assert.Single(options.Faults);
        Assert.StartsWith("OpsConsole:Sources:", fault, StringComparison.Ordinal);
        Assert.Contains("the kind 'htp-check' is none of: ", fault, StringComparison.Ordinal);
        Assert.EndsWith("Did you mean 'http-check'?", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"Token\": \"abc\"", "Bearer abc")]
    [InlineData("\"User\": \"ops\", \"Password\": \"a:b\"", "Basic b3BzOmE6Yg==")]
    [InlineData("\"Interval\": \"5s\"", null)]
    public void What_lets_the_console_in_is_read_from_configuration(string settings, string? sent)
    {
        var options = Read(Guarded(settings));

        Assert.Empty(options.Faults);
        Assert.Equal(sent, Assert.Single(options.Bindings).Credential is { } credential ? $"{credential.Scheme} {credential.Value}" : null);
    }

    [Theory]
    [InlineData("\"Token\": \"\"", "Token is empty.")]
    [InlineData("\"Token\": \"s3cret\\nX-Other: 1\"", "Token has a line break or another control character in it.")]
    [InlineData("\"User\": \"ops\"", "Password is missing.")]
    [InlineData("\"Password\": \"s3cret\"", "User is missing.")]
    [InlineData("\"User\": \"o:ps\", \"Password\": \"s3cret\"", "User has a colon in it.")]
    [InlineData("\"User\": \"ops\", \"Password\": \"s3cret\", \"Token\": \"s3cret\"", "Token stands beside a user with a password: give one of the two.")]
    [InlineData("\"Kind\": \"http-check\", \"Token\": \"s3cret\"", "checks ask as anyone would")]
    public void What_cannot_let_the_console_in_is_a_fault_that_does_not_tell_it(string settings, string fault)
    {
        var options = Read(Guarded(settings));

        Assert.Contains(options.Faults, f => f.Contains(fault, StringComparison.Ordinal));
        Assert.DoesNotContain(options.Faults, f => f.Contains("s3cret", StringComparison.Ordinal));
    }

    [Fact]
    public void A_kind_is_told_what_it_needs_and_measures_by_itself()
    {
        var options = Read("""
            { "OpsConsole": { "Sources": {
              "app": { "Kind": "crash-service", "Service": "pocket", "Target": "play-store", "Environment": "production", "Project": "pocket", "key": "s3cret", "Release": "pocket@$version",
                "Signals": { "crash_free_sessions": { "Rule": "measure", "Measure": "crash_free_sessions", "Window": "1h" } } },
              "own": { "Kind": "memory", "Service": "shop", "Target": "gateway", "Environment": "production", "Signals": { "queue_depth": { "Rule": "gauge", "Numerator": "queue" } } } } } }
            """);

        Assert.Empty(options.Faults);
        var app = options.Bindings[0];
        Assert.Equal(("https://crashes.example/", TimeSpan.FromMinutes(5), true), (app.Address!.ToString(), app.Interval, app.FollowsReleases));
        Assert.Equal(("pocket", "pocket@7.4.0"), (app.Setting("Project"), app.For("7.4.0").Setting("Release")));
        Assert.Equal(("s3cret", SignalRuleKind.Measure, "crash_free_sessions"), (Assert.Single(app.Settings.Secrets), app.Rules[0].Kind, app.Rules[0].Numerator));
        Assert.DoesNotContain("s3cret", app.ToString(), StringComparison.Ordinal);
        Assert.Null(options.Bindings[1].Address);
    }

    [Fact]
    public void What_a_kind_cannot_use_is_named()
    {
        var options = Read("""
            { "OpsConsole": { "Sources": {
              "app": { "Kind": "crash-service", "Service": "pocket", "Target": "play-store", "Environment": "production", "Project": "pocket", "Key": "k", "Interval": "30s",
                "Signals": { "crash_free_sessions": { "Rule": "measure", "Measure": "crash_free_people" } } },
              "none": { "Kind": "crash-service", "Service": "pocket", "Target": "play-store", "Environment": "staging", "Colour": "red",
                "Signals": { "crash_free_sessions": { "Rule": "gauge", "Measure": "crash_free_sessions" } } },
              "keyless": { "Kind": "crash-service", "Service": "pocket", "Target": "play-store", "Environment": "preview", "Project": "pocket",
                "Signals": { "crash_free_sessions": { "Rule": "gauge", "Numerator": "crashes" } } },
              "own": { "Kind": "memory", "Service": "shop", "Target": "gateway", "Environment": "production", "Address": "http://x/",
                "Signals": { "queue_depth": { "Rule": "measure", "Measure": "queue" } } } } } }
            """);

        string[] expected =
        [
            "OpsConsole:Sources:none:Colour is not a setting", "OpsConsole:Sources:none:Signals:crash_free_sessions:Measure does not belong to the rule gauge",
            "OpsConsole:Sources:none:Signals:crash_free_sessions:Numerator is missing",
            "OpsConsole:Sources:app: a source of the kind crash-service is read every 60 s at most", "OpsConsole:Sources:app: signal 'crash_free_sessions': the measure 'crash_free_people' is none of crash_free_sessions",
            "OpsConsole:Sources:keyless: Key is missing", "OpsConsole:Sources:keyless: signal 'crash_free_sessions': a source of the kind crash-service takes the rule measure alone",
            "OpsConsole:Sources:own: a source of the kind memory has no address", "OpsConsole:Sources:own: signal 'queue_depth': a source of the kind memory does not take the rule measure",
        ];
        Assert.All(expected, fault => Assert.Contains(options.Faults, f => f.StartsWith(fault, StringComparison.Ordinal)));
        Assert.Equal(expected.Length, options.Faults.Count);
    }

    [Fact]
    public void Nothing_configured_is_no_fault()
    {
        var options = Read("{}");

        Assert.Empty(options.Faults);
        Assert.Empty(options.Bindings);
    }

    [Fact]
    public void Every_fault_is_named_at_once_with_its_place()
    {
        var options = Read("""
            { "OpsConsole": { "Sources": {
              "one": { "Address": "shop", "Interval": "5", "Tineout": "1s", "Signals": {
                "P99": { "Rule": "quantil", "Scale": "much" } } },
              "two": { "Service": "shop", "Target": "gateway", "Environment": "production", "Version": "1", "Address": "http://x", "Interval": "100ms", "Signals": {
                "queue_depth": { "Rule": "gauge", "Numerator": "queue{" } } } } } }
            """);

        string[] expected =
        [
            "OpsConsole:Sources:one:Tineout is not a setting",
            "OpsConsole:Sources:one:Address is not a whole http or https address.",
            "OpsConsole:Sources:one:Interval is not a time such as",
            "OpsConsole:Sources:one:Service is missing.",
            "OpsConsole:Sources:one:Target is missing.",
            "OpsConsole:Sources:one:Environment is missing.",
            "OpsConsole:Sources:one:Signals:P99: a signal's name is",
            "OpsConsole:Sources:one:Signals:P99:Rule 'quantil' is no rule; a source of the kind prometheus-text takes ratio, quantile, rate, gauge. Did you mean 'quantile'?",
            "OpsConsole:Sources:one:Signals:P99:Scale is not a number.",
            "OpsConsole:Sources:two: the interval has to be from 1 s to 1 h.",
            "OpsConsole:Sources:two: signal 'queue_depth': 'queue{' is not a selector",
        ];
        Assert.All(expected, start => Assert.Contains(options.Faults, f => f.StartsWith(start, StringComparison.Ordinal)));
        Assert.Equal(expected.Length, options.Faults.Count);
        Assert.False(new SourceOptionsCheck().Validate(null, options).Succeeded);
    }

    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("5s", 5.0)]
    [InlineData("2 m", 120.0)]
    [InlineData("1h", 3600.0)]
    [InlineData("00:00:05", 5.0)]
    [InlineData("5", null)]
    [InlineData("5d", null)]
    [InlineData("s", null)]
    [InlineData("-5s", null)]
    [InlineData("876000h", 3_153_600_000.0)]
    [InlineData("300000000h", null)]
    [InlineData("2147483647h", null)]
    [InlineData("10675199.02:48:05", null)]
    [InlineData("-10675199.02:48:05", null)]
    [InlineData("", null)]
    public void Times_are_written_with_their_unit(string text, double? seconds)
    {
        Assert.Equal(seconds is not null, DurationText.TryParse(text, out var duration));
        if (seconds is not null)
        {
            Assert.Equal(seconds, duration.TotalSeconds);
        }
    }

    private static string Guarded(string settings) =>
        $$$"""
        { "OpsConsole": { "Sources": { "shop": {
          "Service": "shop", "Target": "gateway", "Environment": "production", "Version": "1", "Address": "http://x", {{{settings}}},
          "Signals": { "queue_depth": { "Rule": "gauge", "Numerator": "queue" } } } } } }
        """;

    private static SourceOptions Read(string json)
    {
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json));
        var configuration = new ConfigurationBuilder().AddJsonStream(stream).Build();
        var catalog = new SourceCatalog(
        [
            PrometheusTextSource.Kind(() => throw new InvalidOperationException("not read"), TimeProvider.System),
            HttpCheckSource.Kind(() => throw new InvalidOperationException("not asked"), TimeProvider.System),
            new SourceKind("crash-service", static _ => [], static _ => throw new InvalidOperationException("not made"))
            {
                DefaultAddress = new Uri("https://crashes.example/"), TellsVersions = true, ShortestInterval = TimeSpan.FromMinutes(1), DefaultInterval = TimeSpan.FromMinutes(5),
                Settings = [new("Project", "which project it is."), new("Key", "what lets the console in.", SettingForm.Secret), new("Release", "what the version is called there.", Default: "$version")],
                Measures = [new("crash_free_sessions", SignalUnit.Percent, "share of sessions without a crash")],
            },
            new SourceKind("memory", static _ => [], static _ => throw new InvalidOperationException("not made")) { HasAddress = false, TellsVersions = true },
        ]);
        var options = new SourceOptions();
        new SourceSection(configuration.GetSection(SourceOptions.Section), catalog).Read(options);
        return options;
    }
}
