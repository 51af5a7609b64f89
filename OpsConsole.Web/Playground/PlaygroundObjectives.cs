using OpsConsole.Core.Slos;

namespace OpsConsole.Web.Playground;

/// <summary>What the playground's services promise, measured on their real traffic.</summary>
internal sealed class PlaygroundObjectives(SloRegister register, ISloStore store, ILogger logger)
{
    /// <summary>The objectives by name, with links to pages of the console at <paramref name="console"/>.</summary>
    public static IReadOnlyList<(string Name, SloDefinition Definition)> All(Uri console)
    {
        ArgumentNullException.ThrowIfNull(console);
        var shop = RunningServices.AddressOf(console, PlaygroundReleases.Shop, "2.15.0").ToString();
        var search = RunningServices.AddressOf(console, PlaygroundReleases.Search, "89.0.0").ToString();
        return
        [
            ("checkout-success", Shop("Checkouts that go through", "checkout_success_rate", 99.5m, "30d", "Every checkout that fails is an order that was not placed.", shop)),
            ("request-latency", Shop("Requests answered under 500 ms", "requests_under_500ms", 99.9m, "30d", "People leave a page that does not come; the slow ones are the first sign of a queue somewhere.", shop)),
            ("sign-in", Shop("Sign-ins that the shop can answer", "sign_in_success_rate", 99.95m, "30d", "Who cannot sign in has no basket, no orders and no way to ask why.", shop)),
            ("search-latency", Shop("Searches answered under 800 ms", "searches_under_800ms", 99m, "30d", "A search that takes longer is given up, and with it what would have been bought.", search) with { Service = PlaygroundReleases.Search, Owner = "discovery" }),
            ("order-mail", Shop("Order mails sent within 2 s", "jobs_on_time_rate", 99m, "24h", "People who see no confirmation order a second time, or call.", shop)),
        ];
    }

    /// <summary>Defines what is not defined yet. One that somebody changed stays as it is.</summary>
    public async Task DefineAsync(Uri console, CancellationToken cancellationToken)
    {
        var there = (await store.ListAsync(cancellationToken)).Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, definition) in All(console).Where(o => !there.Contains(o.Name)))
        {
            var answer = await register.PutAsync(name, definition, PlaygroundPipeline.Operator, cancellationToken);
            logger.LogInformation("playground: objective {Name} {Answer}", name, answer is SloAnswer.Defined ? "defined" : answer.ToString());
        }
    }

    private static SloDefinition Shop(string title, string signal, decimal objective, string period, string why, string dashboard) => new()
    {
        Title = title,
        Service = PlaygroundReleases.Shop,
        Environment = PlaygroundReleases.Environment,
        Owner = "commerce",
        Signal = signal,
        Share = SliShare.Good,
        ObjectivePercent = objective,
        Period = period,
        Why = why,
        Dashboard = dashboard,
    };
}
