using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Board;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Connections;
using OpsConsole.Core.Gates;
using OpsConsole.Core.Signals;
using OpsConsole.Core.Sources.Prometheus;
using OpsConsole.Core.Sources.PrometheusText;
using OpsConsole.Core.Switches;
using OpsConsole.Core.Targets;
using OpsConsole.Core.Targets.CloudflareWorkers;
using OpsConsole.Core.Targets.Webhook;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Catalog;
using OpsConsole.Web.Jobs;
using OpsConsole.Web.Startup;
using OpsConsole.Web.Targets;

namespace OpsConsole.Tests.Web.Catalog;

/// <summary>A catalogue over a folder of its own, with what it changes in memory.</summary>
internal sealed class CatalogWorld : IDisposable
{
    public const string Secret = "hunter-2-hunter-2";

    public const string Shop = """
        service: shop
        owner: { team: commerce }
        environments: [production]
        targets:
          workers:
            kind: cloudflare-workers
            environments:
              production:
                account: 0123456789abcdef0123456789abcdef
                token: { secret: cloudflare }
        sources:
          shop-errors:
            kind: prometheus
            target: workers
            environment: production
            version: 2.15.0
            address: http://prometheus.internal:9090
            token: { secret: cloudflare }
            signals:
              http_5xx_rate: { rule: query, query: sum(errors) }
        """;

    public static readonly Operator Admin = new("ada", Role.Admin, IsService: false);

    private readonly string _data = Directory.CreateTempSubdirectory("opsconsole-catalog-").FullName;

    public CatalogWorld(CatalogApply apply = CatalogApply.ByHand, InMemoryCatalog? store = null, string settings = "")
    {
        Store = store ?? new InMemoryCatalog();
        Board = new ReleaseBoard(Time);
        Options = new CatalogOptions { Apply = apply };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("OpsConsole:DataFolder", _data), new("OpsConsole:Secrets:cloudflare", Secret), new("OpsConsole:Secrets:cloudflare:Environment", "production"),
            new("OpsConsole:Secrets:webhook:Value", "whsec_" + Convert.ToBase64String(new byte[24])), new("OpsConsole:Secrets:webhook:Environment", "production"),
            new("OpsConsole:Secrets:unbound", Secret), new("OpsConsole:Secrets:elsewhere:Value", Secret), new("OpsConsole:Secrets:elsewhere:Environment", "staging"),
            new("OpsConsole:Secrets:narrow:Value", Secret), new("OpsConsole:Secrets:narrow:Environment", "staging, production"), new("OpsConsole:Secrets:narrow:Hosts", "api.cloudflare.com, *.internal"),
            .. settings.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(s => KeyValuePair.Create(s.Split('=', 2)[0], (string?)s.Split('=', 2)[1])),
        ]).Build();
        var sources = Sources = new SourceCatalog([PrometheusSource.Kind(() => new HttpClient(), Time), PrometheusTextSource.Kind(() => new HttpClient(), Time)]);
        Kinds = [WorkersKind.Value, WebhookKind.Value, Brittle()];
        new TargetSection(configuration.GetSection(TargetOptions.Section), Kinds).Read(TargetOptions);
        new SourceSection(configuration.GetSection(SourceOptions.Section), sources).Read(SourceOptions);
        var secrets = new NamedSecrets();
        secrets.Read(configuration.GetSection(NamedSecrets.Section));
        Secrets = Microsoft.Extensions.Options.Options.Create(secrets);
        Reader = new CatalogReader(sources, Kinds, Secrets, Microsoft.Extensions.Options.Options.Create(SourceOptions), Microsoft.Extensions.Options.Options.Create(TargetOptions));
        Files = new CatalogFolder(Microsoft.Extensions.Options.Options.Create(Options), configuration, new Place(_data));
        Connector = new TargetConnector(Microsoft.Extensions.Options.Options.Create(new OutboundOptions()), Record, Record, new SwitchBoard(), Time);
        Connections = new CatalogConnections(
            Connector, Targets, Schedule, Microsoft.Extensions.Options.Options.Create(TargetOptions), Microsoft.Extensions.Options.Options.Create(SourceOptions), new ActionsUnderWay(Record, Record), Board);
        Book = new CatalogBook(Files, Reader, Connections, Store, Policies, new SignedInRoles(), Microsoft.Extensions.Options.Options.Create(Options), Time, NullLogger<CatalogBook>.Instance);
    }

    public FakeTime Time { get; } = new(Sample.Noon);

    public CatalogOptions Options { get; }

    public IReadOnlyList<DeliveryTargetKind> Kinds { get; }

    public SourceCatalog Sources { get; }

    public IOptions<NamedSecrets> Secrets { get; }

    public TargetConnector Connector { get; }

    public TargetOptions TargetOptions { get; } = new();

    public SourceOptions SourceOptions { get; } = new();

    public InMemoryCatalog Store { get; }

    public InMemoryRecord Record { get; } = new();

    public KeptTargets Targets { get; } = new();

    public ReleaseBoard Board { get; }

    /// <summary>The library of policies; empty unless a test puts one there.</summary>
    public InMemoryPolicies Policies { get; } = new();

    /// <summary>True: targets of the kind brittle cannot be made.</summary>
    public bool Breaks { get; set; }

    /// <summary>How often one was to be made.</summary>
    public int Made { get; private set; }

    public KeptSchedule Schedule { get; } = new();

    public CatalogReader Reader { get; }

    public CatalogFolder Files { get; }

    public CatalogConnections Connections { get; }

    public CatalogBook Book { get; }

    /// <summary>A kind whose settings are sound, and which cannot be made of them all the same.</summary>
    private DeliveryTargetKind Brittle() => new(
        "brittle",
        [new("Part", "Any text."), new("Token", "Any text.", SettingForm.Secret), new("TokenFile", "Path of a file.", SettingForm.SecretFile, IsRequired: false)],
        (settings, _) =>
        {
            Made++;
            return Breaks ? throw new InvalidOperationException($"The key {settings["Token"]} is broken.") : new FakeTarget(settings.Target, Core.Actions.Gate.Given.Gateway, Time);
        });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Write(string text, string name = "shop.yaml")
    {
        Directory.CreateDirectory(Files.Path);
        File.WriteAllText(Path.Combine(Files.Path, name), text);
    }

    public void Delete(string name = "shop.yaml") => File.Delete(Path.Combine(Files.Path, name));

    /// <summary>Looks, and applies what waits.</summary>
    public async Task<RecordAnswer<CatalogVersion>> ApplyAsync(Operator? by = null) => await Book.ApplyAsync((await Book.LookAsync(Token)).Seen, by ?? Admin, Token);

    public void Dispose()
    {
        Book.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    /// <summary>The targets that are connected, and what was done to them.</summary>
    public sealed class KeptTargets : ITargetRegistry
    {
        private readonly TargetRegistry _targets = new();

        public List<string> Done { get; } = [];

        public IReadOnlyCollection<string> Connected => _targets.Connected;

        public IDeliveryTargetAdapter? Find(string target, string environment) => _targets.Find(target, environment);

        public IDeliveryTargetAdapter? FindForDraft(string target, string environment) => _targets.FindForDraft(target, environment);

        public TargetCapabilities? CapabilitiesOf(string target) => _targets.CapabilitiesOf(target);

        public IReadOnlyList<ConnectedTarget> List() => _targets.List();

        public void Add(IDeliveryTargetAdapter adapter)
        {
            Done.Add($"add {adapter.Target} {adapter.Environment}");
            _targets.Add(adapter);
        }

        public void Remove(string target, string? environment)
        {
            Done.Add($"remove {target} {environment}");
            _targets.Remove(target, environment);
        }
    }

    /// <summary>Keeps what is to be read.</summary>
    public sealed class KeptSchedule : ISourceSchedule
    {
        public Dictionary<string, SourceBinding> Bindings { get; } = [];

        public Task AddAsync(SourceBinding binding, CancellationToken cancellationToken)
        {
            Bindings[binding.Key] = binding;
            return Task.CompletedTask;
        }

        public Task RemoveAsync(string key, CancellationToken cancellationToken)
        {
            Bindings.Remove(key);
            return Task.CompletedTask;
        }

        public IReadOnlyList<SourceStatus> List() => [.. Bindings.Values.Select(b => new SourceStatus(b, null, null, 0))];
    }

    private sealed class Place(string root) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = "Production";

        public string ApplicationName { get; set; } = "OpsConsole";

        public string ContentRootPath { get; set; } = root;

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
