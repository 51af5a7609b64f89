using Microsoft.Extensions.Options;
using OpsConsole.Core.Catalog;

namespace OpsConsole.Web.Api.Hooks;

/// <summary>Webhooks of GitHub by which deployments become releases, by name, section <c>OpsConsole:Hooks:GitHub</c> (environment: <c>OpsConsole__Hooks__GitHub__shop-production__Secret</c>).</summary>
public sealed class GitHubHookOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "OpsConsole:Hooks:GitHub";

    /// <summary>The hooks, by the name in their address.</summary>
    public IReadOnlyDictionary<string, GitHubHook> Hooks { get; set; } = new Dictionary<string, GitHubHook>();
}

/// <summary>One webhook: for the deployments of one environment, by a secret of its own.</summary>
public sealed class GitHubHook
{
    /// <summary>What deliveries are signed with; as it is set at GitHub.</summary>
    public string? Secret { get; set; }

    /// <summary>The environment whose deployments become releases.</summary>
    public string? Environment { get; set; }

    /// <summary>What that environment is called at GitHub, where that is not its name here.</summary>
    public string? DeploymentEnvironment { get; set; }

    /// <summary>The target that the releases are on.</summary>
    public string? Target { get; set; }

    /// <summary>The team that owns them, where the deployment does not say.</summary>
    public string? Owner { get; set; }

    /// <summary>The repository of each service, <c>owner/name</c>. Deployments of any other one are refused.</summary>
    public Dictionary<string, string> Services { get; set; } = [];

    /// <summary>What a deployment of a version is made from: a tag or branch with <c>{version}</c> in it, or <c>{commit}</c> alone, where the first twelve digits of the commit are the version.</summary>
    public string Ref { get; set; } = "v{version}";

    /// <summary>The policy of the library that they go by, where the deployment does not say.</summary>
    public string? Policy { get; set; }

    /// <summary>Age from which a deployment or its status is too old to be taken, at most three days.</summary>
    public TimeSpan MostAge { get; set; } = TimeSpan.FromHours(1);
}

/// <summary>Says everything that is wrong with the hooks, at start.</summary>
internal sealed class GitHubHookOptionsCheck : IValidateOptions<GitHubHookOptions>
{
    /// <summary>Shortest secret, in characters.</summary>
    private const int MinSecret = 20;

    private static readonly TimeSpan ShortestAge = TimeSpan.FromMinutes(1), LongestAge = TimeSpan.FromDays(3);

    public ValidateOptionsResult Validate(string? name, GitHubHookOptions options)
    {
        List<string> faults =
        [
            .. options.Hooks.SelectMany(h => Faults($"{GitHubHookOptions.Section}:{h.Key}", h.Key, h.Value)),
            .. options.Hooks.Where(h => h.Value.Secret is { Length: > 0 }).GroupBy(h => h.Value.Secret).Where(g => g.Select(h => h.Value.Environment).Distinct().Count() > 1)
                .Select(g => $"{GitHubHookOptions.Section}: {string.Join(" and ", g.Select(h => h.Key))} have the same Secret for different environments; each environment has one of its own."),
        ];
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(string at, string name, GitHubHook hook)
    {
        (string What, string? Value)[] names = [("the name", name), ("Environment", hook.Environment), ("Target", hook.Target), .. hook.Services.Select(s => ("a service's name", (string?)s.Key))];
        foreach (var (what, value) in names.Where(n => !CatalogName.IsValid(n.Value)))
        {
            yield return $"{at}: {what} needs {CatalogName.Form}.";
        }

        if (hook.Owner is not null && !CatalogName.IsValid(hook.Owner))
        {
            yield return $"{at}:Owner needs {CatalogName.Form}.";
        }

        if (hook.Secret is not { Length: >= MinSecret })
        {
            yield return $"{at}:Secret is {(string.IsNullOrEmpty(hook.Secret) ? "missing" : $"shorter than {MinSecret} characters")}: what GitHub signs deliveries with.";
        }

        if (hook.Services.Count == 0)
        {
            yield return $"{at}:Services is missing: the repository of each service, owner/name.";
        }

        foreach (var (service, repository) in hook.Services)
        {
            if (repository is null || repository.Split('/') is not [{ Length: > 0 }, { Length: > 0 }])
            {
                yield return $"{at}:Services:{service} is '{repository}', and must be owner/name.";
            }
        }

        if (GitHubRef.Fault(hook.Ref) is { } wrong)
        {
            yield return $"{at}:Ref {wrong}";
        }

        if (hook.MostAge < ShortestAge || hook.MostAge > LongestAge)
        {
            yield return $"{at}:MostAge is {hook.MostAge}, and must be from one minute to three days.";
        }
    }
}
