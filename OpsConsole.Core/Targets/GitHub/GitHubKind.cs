using System.Text.RegularExpressions;
using OpsConsole.Core.Connections;

namespace OpsConsole.Core.Targets.GitHub;

/// <summary>Anything that has a GitHub workflow: a deployment says what is to be, the workflow brings it about, and the deployment's statuses say what became of it.</summary>
public static partial class GitHubKind
{
    internal const string Repository = "Repository", Workflow = "Workflow", Branch = "Branch", Ref = "Ref", DeploymentEnvironment = "DeploymentEnvironment",
        Token = "Token", App = "App", Installation = "Installation", Key = "Key", Api = "Api";

    /// <summary>How it is configured and made.</summary>
    public static DeliveryTargetKind Value { get; } = new(
        "github",
        [
            new(Repository, "The repository, owner/name; {service} stands for what the service is called there."),
            new(Workflow, "File name of the workflow that brings a change about, rollout.yml."),
            new(Branch, "Branch whose workflow is run.", Default: "main"),
            new(Ref, "Tag, branch or commit of a version; {version} stands for it.", Default: "v{version}"),
            new(DeploymentEnvironment, "What the environment is called at GitHub, where that is not its name here.", IsRequired: false),
            new(Token, "A fine-grained token with the permissions Actions: write and Deployments: write, and nothing else.", SettingForm.Secret, IsRequired: false),
            new(App, "In place of a token: the client id of a GitHub App, or its id.", IsRequired: false),
            new(Installation, "The id of that app's installation.", IsRequired: false),
            new(Key, "A private key of that app, in PEM.", SettingForm.Secret, IsRequired: false),
            new(Api, "Address of the API; of GitHub Enterprise Server https://<host>/api/v3.", SettingForm.Address, "https://api.github.com"),
            .. DeclaredCapabilities.Settings("GitHub workflow"),
        ],
        static (settings, connections) => new GitHubAdapter(settings, connections))
    {
        Faults = Wrong,
    };

    private static IEnumerable<string> Wrong(TargetSettings settings)
    {
        if (!RepositoryForm().IsMatch(settings[Repository].Replace("{service}", "service", StringComparison.Ordinal)))
        {
            yield return $"{Repository} is not owner/name.";
        }

        if (!WorkflowForm().IsMatch(settings[Workflow]))
        {
            yield return $"{Workflow} is neither the file name of a workflow, without its folder, nor its id.";
        }

        if (!settings[Ref].Contains("{version}", StringComparison.Ordinal))
        {
            yield return $"{Ref} does not have {{version}}, so every version would be the same.";
        }

        var app = new[] { App, Installation, Key }.Count(name => settings[name].Length > 0);
        if (settings[Token].Length > 0 ? app > 0 : app < 3)
        {
            yield return $"Either {Token} is to be set, or {App}, {Installation} and {Key} are.";
        }
        else if (app > 0 && !settings[Installation].All(char.IsAsciiDigit))
        {
            yield return $"{Installation} is not an id of digits.";
        }
        else if (app > 0 && !GitHubAppKey.IsKey(settings[Key]))
        {
            yield return $"{Key} is not a private RSA key in PEM.";
        }

        foreach (var wrong in DeclaredCapabilities.Faults(settings))
        {
            yield return wrong;
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex RepositoryForm();

    [GeneratedRegex(@"\A([0-9]+|[A-Za-z0-9._-]+\.ya?ml)\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex WorkflowForm();
}
