using Microsoft.Extensions.Configuration;
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

    private static NamedSecrets Read(IConfiguration configuration)
    {
        var secrets = new NamedSecrets();
        secrets.Read(configuration.GetSection(NamedSecrets.Section));
        return secrets;
    }
}
