using Microsoft.Extensions.Options;
using OpsConsole.Core.Access;
using OpsConsole.Core.Access.Tokens;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Connections;

namespace OpsConsole.Web.Identity;

/// <summary>Whose tokens are exchanged for short-lived ones, by name, section <c>OpsConsole:Federation</c> (environment: <c>OpsConsole__Federation__shop-pipeline__Issuer</c>).</summary>
public sealed class FederationOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "OpsConsole:Federation";

    /// <summary>The pipelines that are trusted, by the name they have on record.</summary>
    public IReadOnlyDictionary<string, FederatedTrust> Trusts { get; set; } = new Dictionary<string, FederatedTrust>();
}

/// <summary>Tokens of one issuer with certain claims, and what may be had for one.</summary>
public sealed class FederatedTrust
{
    /// <summary>The https address of the issuer as its discovery document names it, for example <c>https://token.actions.githubusercontent.com</c>.</summary>
    public string? Issuer { get; set; }

    /// <summary>The audience that tokens must be for: what the pipeline asked its issuer for.</summary>
    public string? Audience { get; set; }

    /// <summary>Claims that a token must have, each with the values of which one must be there, to the letter: <c>repository</c> and <c>ref</c>, for example. At least one.</summary>
    public Dictionary<string, string[]> Claims { get; set; } = [];

    /// <summary>What may be had for it: <c>environment:resource:verb</c> each.</summary>
    public string[] Scope { get; set; } = [];

    /// <summary>How long what is had for it lives, 1 to 60 minutes.</summary>
    public int Minutes { get; set; } = TokenLife.DefaultMinutes;
}

/// <summary>Says everything that is wrong with the trusts, at start.</summary>
internal sealed class FederationOptionsCheck : IValidateOptions<FederationOptions>
{
    public ValidateOptionsResult Validate(string? name, FederationOptions options)
    {
        List<string> faults = [.. options.Trusts.SelectMany(t => Faults(t.Key, t.Value))];
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(string name, FederatedTrust trust)
    {
        var at = $"{FederationOptions.Section}:{name}";
        if (!CatalogName.IsValid(name))
        {
            yield return $"{at}: the name needs {CatalogName.Form}.";
        }

        if (WebAddress.HasCredential(trust.Issuer))
        {
            yield return $"{at}:Issuer has a user or password in it: take it out, nothing that the console reads of an issuer needs one.";
        }
        else if (!Uri.TryCreate(trust.Issuer, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps || address.Query.Length > 0 || address.Fragment.Length > 0)
        {
            yield return $"{at}:Issuer is '{trust.Issuer}', and must be an https address without query.";
        }

        if (string.IsNullOrWhiteSpace(trust.Audience))
        {
            yield return $"{at}:Audience is missing: what the pipeline asks its issuer's token for.";
        }

        if (trust.Claims.Count == 0 || trust.Claims.Any(c => c.Value.Length == 0 || c.Value.Any(string.IsNullOrEmpty)))
        {
            yield return $"{at}:Claims must name at least one claim, each with the values that are accepted: without one every pipeline of that issuer would be trusted.";
        }

        foreach (var fault in ScopeText.Read(trust.Scope).Faults)
        {
            yield return $"{at}:Scope: {fault}";
        }

        if (ScopeText.Read(trust.Scope).Scope?.Holds(Permission.TokensExchange) == true)
        {
            yield return $"{at}:Scope: a short-lived token cannot hold {PermissionTable.Row(Permission.TokensExchange).Name}.";
        }

        if (trust.Minutes is < 1 or > TokenLife.MostMinutes)
        {
            yield return $"{at}:Minutes is {trust.Minutes}, and must be 1 to {TokenLife.MostMinutes}.";
        }
    }
}
