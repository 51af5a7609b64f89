using Microsoft.Extensions.Configuration;
using OpsConsole.Core.Connections;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.HttpCheck;
using OpsConsole.Core.Sources.PrometheusText;
using OpsConsole.Web.Jobs;

namespace OpsConsole.Tests.Web.Jobs;

/// <summary>What no two sources, and no address, of the settings may say.</summary>
public sealed class SourceClashTests
{
    private const string Gauge = "Signals:queue_depth:Rule=gauge;Signals:queue_depth:Numerator=queue";

    [Fact]
    public void Two_sources_of_one_signal_are_a_fault_that_names_both()
    {
        var options = Read($"a:Version=1;{Gauge}", $"b:Version=1;{Gauge}");

        Assert.Equal(
            "OpsConsole:Sources:b gives queue_depth of shop on gateway in production for version 1, which OpsConsole:Sources:a gives already for version 1: a signal has one source, so take it out of one of the two, or give it another name.",
            Assert.Single(options.Faults));
        Assert.Equal("a", Assert.Single(options.Bindings).Key);
        Assert.False(new SourceOptionsCheck().Validate(null, options).Succeeded);
    }

    [Fact]
    public void Every_pair_is_named_at_once_also_where_something_else_is_wrong()
    {
        var options = Read($"a:Version=1;{Gauge}", $"b:Version=1;Interval=5;{Gauge}", $"c:Version=2;Signals:queue_depth:Rule=gauge", $"d:Kind=http-check;{Gauge}");

        Assert.Equal(
            ["b gives a", "d gives a", "d gives b", "d gives c"],
            options.Faults.Where(f => f.Contains(" gives ", StringComparison.Ordinal)).Select(f => $"{f.Split(' ')[0][^1]} gives {f[f.IndexOf("which ", StringComparison.Ordinal)..].Split(' ')[1][^1]}"));
        Assert.Contains(options.Faults, f => f.StartsWith("OpsConsole:Sources:b:Interval is not a time", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_check_measures_counts_as_its_latency_does()
    {
        var checks = "checks:Version=1;Kind=http-check;Checks:home:Path=/";

        Assert.Contains("gives synthetic_home_latency of shop", Assert.Single(Read(checks, "own:Version=1;Signals:synthetic_home_latency:Rule=gauge;Signals:synthetic_home_latency:Numerator=took").Faults), StringComparison.Ordinal);
        Assert.Contains("gives synthetic_home, synthetic_home_latency of shop", Assert.Single(Read(checks, checks.Replace("checks:", "others:", StringComparison.Ordinal)).Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_versions_other_places_and_other_signals_are_none()
    {
        var options = Read(
            $"a:Version=1;{Gauge}", $"b:Version=2;{Gauge}", $"c:Version=1;Environment=staging;{Gauge}", $"d:Version=1;Target=workers;{Gauge}", $"e:Version=1;Service=search;{Gauge}", "f:Version=1;Signals:errors:Rule=gauge;Signals:errors:Numerator=errors");

        Assert.Empty(options.Faults);
        Assert.Equal(6, options.Bindings.Count);
    }

    [Theory]
    [InlineData("a:Version=1;Address=http://ops:s3cret@shop:9100/metrics", "and give it as Token or User with Password.")]
    [InlineData("a:Version=1;Address=http://s3cret@shop:9100/metrics", "and give it as Token or User with Password.")]
    [InlineData("a:Version=1;Address=http://ops:s3cret@shop;Kind=crash-service;Key=k", "and give it as Key.")]
    [InlineData("a:Version=1;Address=http://ops:s3cret@shop;Kind=http-check", "would be seen: take it out.")]
    public void A_user_or_password_in_an_address_is_told_where_it_belongs_and_not_repeated(string source, string end)
    {
        var options = Read(source);

        var fault = Assert.Single(options.Faults, f => f.StartsWith("OpsConsole:Sources:a:Address has a user or password in it", StringComparison.Ordinal));
        Assert.EndsWith(end, fault, StringComparison.Ordinal);
        Assert.DoesNotContain(options.Faults, f => f.Contains("s3cret", StringComparison.Ordinal) || f.Contains("ops:", StringComparison.Ordinal));
        Assert.Empty(options.Bindings);
    }

    [Fact]
    public void Nor_may_one_stand_in_another_address_of_its_kind()
    {
        var fault = Assert.Single(Read("a:Version=1;Kind=crash-service;Key=k;Metrics=https://ops:s3cret@metrics;Signals:crashes:Rule=measure;Signals:crashes:Measure=crashes").Faults);

        Assert.Equal("OpsConsole:Sources:a: Metrics has a user or password in it, which is not sent from there and would be seen: take it out, and give it as Key.", fault);
    }

    /// <summary>Each source is its key, and its settings with semicolons; what all of them need stands in front.</summary>
    private static SourceOptions Read(params string[] sources)
    {
        var values = new Dictionary<string, string?>();
        foreach (var source in sources)
        {
            var (key, settings) = (source[..source.IndexOf(':', StringComparison.Ordinal)], source[(source.IndexOf(':', StringComparison.Ordinal) + 1)..]);
            foreach (var setting in $"Service=shop;Target=gateway;Environment=production;Address=http://x;{settings}".Split(';'))
            {
                values[$"{SourceOptions.Section}:{key}:{setting.Split('=', 2)[0]}"] = setting.Split('=', 2)[1];
            }
        }

        var catalog = new SourceCatalog(
        [
            PrometheusTextSource.Kind(() => throw new InvalidOperationException("not read"), TimeProvider.System),
            HttpCheckSource.Kind(() => throw new InvalidOperationException("not asked"), TimeProvider.System),
            new SourceKind("crash-service", static _ => [], static _ => throw new InvalidOperationException("not made"))
            {
                Settings = [new("Key", "what lets the console in.", SettingForm.Secret), new("Metrics", "where it shows them.", SettingForm.Address, IsRequired: false)],
                Measures = [new("crashes", SignalUnit.Count, "crashes")],
            },
        ]);
        var options = new SourceOptions();
        new SourceSection(new ConfigurationBuilder().AddInMemoryCollection(values).Build().GetSection(SourceOptions.Section), catalog).Read(options);
        return options;
    }
}
