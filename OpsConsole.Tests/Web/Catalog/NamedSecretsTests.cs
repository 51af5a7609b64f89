using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsConsole.Tests.Web.Operations.Edge;
using OpsConsole.Web.Catalog;

namespace OpsConsole.Tests.Web.Catalog;

public sealed class NamedSecretsTests
{
    [Fact]
    public void A_secret_has_its_environments_and_hosts_from_wherever_settings_come()
    {
        const string Prefix = "NAMED_SECRETS_TESTS_";
        var folder = Directory.CreateTempSubdirectory("opsconsole-secrets-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "OpsConsole__Secrets__mounted__Value"), "of a file\n");
            File.WriteAllText(Path.Combine(folder, "OpsConsole__Secrets__mounted__Environment"), "production\n");
            File.WriteAllText(Path.Combine(folder, "OpsConsole__Secrets__mounted__Hosts"), "api.example, *.internal\n");
            Environment.SetEnvironmentVariable(Prefix + "OpsConsole__Secrets__token_of_staging__Value", "of a variable");
            Environment.SetEnvironmentVariable(Prefix + "OpsConsole__Secrets__token_of_staging__Environment", "staging,preview");
            var secrets = Read(new ConfigurationBuilder()
                .AddInMemoryCollection([new("OpsConsole:Secrets:plain", "as before"), new("OpsConsole:Secrets:plain:Environment:0", "staging"), new("OpsConsole:Secrets:plain:Environment:1", "production"), new("OpsConsole:Secrets:unbound", "as before")])
                .AddKeyPerFile(folder, optional: false).AddEnvironmentVariables(Prefix).Build());

            Assert.Empty(secrets.Faults);
            Assert.Equal(
                ["mounted: of a file for production to api.example|*.internal", "plain: as before for staging|production to ", "token_of_staging: of a variable for staging|preview to ", "unbound: as before for  to "],
                secrets.Names.Select(n => secrets.Find(n) is { } s ? $"{n}: {s.Value} for {string.Join('|', s.Environments)} to {string.Join('|', s.Hosts)}" : n));
            Assert.Equal(["mounted", "plain"], secrets.NamesIn("production"));
            Assert.Empty(secrets.NamesIn("Production"));
            Assert.Equal(["plain", "token_of_staging"], secrets.Anywhere);
            Assert.DoesNotContain("of a file", secrets.Find("mounted")!.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void What_is_wrong_with_them_is_told_at_once_and_tells_no_secret()
    {
        var secrets = Read(new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("OpsConsole:Secrets:Two words", "hunter-2"),
            new("OpsConsole:Secrets:empty", " "),
            new("OpsConsole:Secrets:nothing:Environment", "production"),
            new("OpsConsole:Secrets:twice", "hunter-2"), new("OpsConsole:Secrets:twice:Value", "hunter-2"),
            new("OpsConsole:Secrets:odd:Value", "hunter-2"), new("OpsConsole:Secrets:odd:Enviroment", "hunter-2"),
            new("OpsConsole:Secrets:place:Value", "hunter-2"), new("OpsConsole:Secrets:place:Environment", "Production"),
            new("OpsConsole:Secrets:host:Value", "hunter-2"), new("OpsConsole:Secrets:host:Hosts", "https://api.example"),
            new("OpsConsole:Secrets:nowhere:Value", "hunter-2"), new("OpsConsole:Secrets:nowhere:Hosts", " , "),
        ]).Build());

        string[] expected =
        [
            "OpsConsole:Secrets:Two words: a secret's name is", "OpsConsole:Secrets:empty is empty", "OpsConsole:Secrets:nothing is empty: give the secret as OpsConsole:Secrets:nothing:Value",
            "OpsConsole:Secrets:twice and OpsConsole:Secrets:twice:Value both give the secret", "OpsConsole:Secrets:odd:Enviroment is not a setting of a secret; known are Value, Environment, Hosts.",
            "OpsConsole:Secrets:place:Environment: an environment's name is", "OpsConsole:Secrets:host:Hosts has something that is neither", "OpsConsole:Secrets:nowhere:Hosts names no host",
        ];
        Assert.All(expected, start => Assert.Contains(secrets.Faults, f => f.StartsWith(start, StringComparison.Ordinal)));
        Assert.Equal(expected.Length, secrets.Faults.Count);
        Assert.DoesNotContain(secrets.Faults, f => f.Contains("hunter-2", StringComparison.Ordinal));
        Assert.Empty(secrets.Names);
    }

    [Theory]
    [InlineData("api.example", "api.example", true)]
    [InlineData("api.example", "API.EXAMPLE.", true)]
    [InlineData("api.example", "api.example.evil", false)]
    [InlineData("api.example", "evil-api.example", false)]
    [InlineData("*.example", "api.example", true)]
    [InlineData("*.example", "a.b.example", true)]
    [InlineData("*.example", "example", false)]
    [InlineData("*.example", ".example", false)]
    [InlineData("*.example", "evilexample", false)]
    [InlineData("10.0.0.7", "10.0.0.7", true)]
    [InlineData("[::1]", "::1", true)]
    [InlineData("::1", "::2", false)]
    public void It_goes_to_the_hosts_that_it_names(string hosts, string host, bool may)
    {
        var secrets = Read(new ConfigurationBuilder().AddInMemoryCollection([new("OpsConsole:Secrets:one:Value", "hunter-2"), new("OpsConsole:Secrets:one:Hosts", hosts)]).Build());

        Assert.Empty(secrets.Faults);
        Assert.Equal(may, secrets.Find("one")!.MayGoTo(host));
    }

    [Fact]
    public async Task At_the_start_those_that_say_no_hosts_are_told_of_and_no_others()
    {
        using var log = new KeptLog();
        using var logs = LoggerFactory.Create(l => l.AddProvider(log));
        KeyValuePair<string, string?>[] narrow = [new("OpsConsole:Secrets:narrow:Value", "hunter-2"), new("OpsConsole:Secrets:narrow:Environment", "production"), new("OpsConsole:Secrets:narrow:Hosts", "api.example")];
        async Task StartAsync(params KeyValuePair<string, string?>[] more) => await new AnywhereWarning(
            Options.Create(Read(new ConfigurationBuilder().AddInMemoryCollection([.. narrow, .. more]).Build())), logs.CreateLogger<AnywhereWarning>()).StartAsync(TestContext.Current.CancellationToken);

        await StartAsync(new KeyValuePair<string, string?>("OpsConsole:Secrets:unbound", "hunter-2"));
        Assert.Empty(log.Lines);

        await StartAsync(new("OpsConsole:Secrets:wide:Value", "hunter-2"), new("OpsConsole:Secrets:wide:Environment", "production"));
        var line = Assert.Single(log.Lines);
        Assert.Contains("Warning", line, StringComparison.Ordinal);
        Assert.Contains("No hosts are named for the secrets wide: within its environment each may be sent to any host", line, StringComparison.Ordinal);
        Assert.Contains("OpsConsole:Secrets:<name>:Hosts", line, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter", line, StringComparison.Ordinal);
    }

    private static NamedSecrets Read(IConfiguration configuration)
    {
        var secrets = new NamedSecrets();
        secrets.Read(configuration.GetSection(NamedSecrets.Section));
        return secrets;
    }
}
