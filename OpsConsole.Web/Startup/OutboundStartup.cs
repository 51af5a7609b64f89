using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpsConsole.Core.Remote.Outbound;

namespace OpsConsole.Web.Startup;

/// <summary>Where the console may connect to of itself, section <c>OpsConsole:Outbound</c>.</summary>
public sealed class OutboundOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "OpsConsole:Outbound";

    /// <summary>Networks (<c>10.1.0.0/16</c>), addresses, host names (<c>metrics.internal</c>, <c>*.example.org</c>), <c>public</c> and <c>loopback</c>. Empty: nothing, and in Development loopback.</summary>
    public IReadOnlyList<string> Allow { get; private set; } = [];

    /// <summary>What follows from it.</summary>
    public OutboundRules Rules { get; private set; } = OutboundRules.Nothing;

    /// <summary>Everything that is wrong with the section, one sentence each.</summary>
    public IReadOnlyList<string> Faults { get; private set; } = [];

    /// <summary>Reads the section: a list, or one value with commas.</summary>
    public void Read(IConfigurationSection section, bool development)
    {
        ArgumentNullException.ThrowIfNull(section);
        var list = section.GetSection(nameof(Allow));
        var named = list.GetChildren().Select(c => c.Value).Append(list.Value)
            .SelectMany(v => (v ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();
        Allow = named.Count == 0 && development ? ["loopback"] : named;
        Rules = OutboundRules.Read(Allow, out var wrong);
        Faults =
        [
            .. section.GetChildren().Where(c => !c.Key.Equals(nameof(Allow), StringComparison.OrdinalIgnoreCase)).Select(c => $"{c.Path} is not a setting; known is {nameof(Allow)}."),
            .. wrong.Select(w => $"{Section}:{nameof(Allow)}: {w}."),
        ];
    }
}

/// <summary>Connections that the console makes to addresses which others wrote.</summary>
internal static class OutboundStartup
{
    public static void AddOutbound(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<OutboundOptions>()
            .Configure<IConfiguration, IHostEnvironment>(static (options, configuration, host) => options.Read(configuration.GetSection(OutboundOptions.Section), host.IsDevelopment()))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<OutboundOptions>, OutboundOptionsCheck>();
        services.TryAddSingleton(static all => new GuardedConnections(() => all.GetRequiredService<IOptions<OutboundOptions>>().Value.Rules));
    }

    /// <summary>Stops a console that is told wrongly where it may connect to, naming every fault at once.</summary>
    private sealed class OutboundOptionsCheck : IValidateOptions<OutboundOptions>
    {
        public ValidateOptionsResult Validate(string? name, OutboundOptions options) =>
            options.Faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(options.Faults);
    }
}
