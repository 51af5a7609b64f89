using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpsConsole.Core.Storage;
using OpsConsole.Web.Startup;

namespace OpsConsole.Tests.Web.Startup;

public sealed class StorageSettingsTests
{
    [Fact]
    public void Without_settings_the_database_is_embedded_under_the_content_root()
    {
        var settings = Read(null, null);

        Assert.Equal(DatabaseProvider.Embedded, settings.Provider);
        Assert.Equal("/srv/console/.data", settings.DataFolder);
    }

    [Theory]
    [InlineData("postgres", DatabaseProvider.Postgres)]
    [InlineData("SqlServer", DatabaseProvider.SqlServer)]
    public void A_named_database_is_used(string provider, DatabaseProvider expected)
    {
        var settings = Read(provider, "Host=db");

        Assert.Equal((expected, "Host=db"), (settings.Provider, settings.ConnectionString));
    }

    [Theory]
    [InlineData("mysql", "Host=db", "must be Embedded, Postgres or SqlServer")]
    [InlineData("1", "Host=db", "must be Embedded, Postgres or SqlServer")]
    [InlineData(null, "Host=db", "must say which kind")]
    [InlineData("Postgres", null, "must name the database")]
    public void What_does_not_fit_together_is_said_in_one_sentence(string? provider, string? connection, string expected)
    {
        var thrown = Assert.Throws<StorageStartException>(() => Read(provider, connection));

        Assert.Contains(expected, thrown.Message, StringComparison.Ordinal);
    }

    private static StorageSettings Read(string? provider, string? connection) => StorageSettings.Read(
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:Provider"] = provider,
            ["ConnectionStrings:OpsConsole"] = connection,
        }).Build(),
        new Place(),
        Options.Create(new ConsoleOptions()));

    private sealed class Place : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = "Production";

        public string ApplicationName { get; set; } = "OpsConsole";

        public string ContentRootPath { get; set; } = "/srv/console";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
