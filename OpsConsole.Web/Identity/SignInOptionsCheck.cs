using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using OpsConsole.Core.Connections;

namespace OpsConsole.Web.Identity;

/// <summary>Stops a console whose sign-in is missing or configured wrongly, naming every fault at once.</summary>
internal sealed class SignInOptionsCheck(IHostEnvironment environment, IConfiguration configuration) : IValidateOptions<SignInOptions>
{
    /// <summary>The longest that a sign-in can be set to last.</summary>
    internal static readonly TimeSpan LongestLimit = TimeSpan.FromDays(30);

    private const string S = SignInOptions.Section;

    private static readonly string[] Settings =
        [.. typeof(SignInOptions).GetProperties().Where(p => p.Name is not (nameof(SignInOptions.IsConfigured) or nameof(SignInOptions.IsMicrosoft) or nameof(SignInOptions.IssuerTitle))).Select(p => p.Name)];

    public ValidateOptionsResult Validate(string? name, SignInOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        List<string> faults = [.. Unknown(), .. options.IsConfigured ? Issuer(options).Concat(Mapping(options)).Concat(Times(options)).Concat(Emergency(options)) : Missing(options)];
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    /// <summary>A setting that nothing reads is a slip of the pen, and here it could be the one that keeps people out.</summary>
    private IEnumerable<string> Unknown() => configuration.GetSection(S).GetChildren()
        .Where(c => !Settings.Contains(c.Key, StringComparer.OrdinalIgnoreCase))
        .Select(c => $"{c.Path} is not a setting; known are {string.Join(", ", Settings)}.");

    private IEnumerable<string> Missing(SignInOptions options)
    {
        var others = options.ClientId is not null || options.ClientSecret is not null || options.ClientCertificate is not null || options.FederatedTokenFile is not null
            || options.Roles.Count > 0 || options.Environments.Count > 0 || options.Emergency.IsConfigured;
        if (others)
        {
            yield return $"{S}:Authority is missing: the https address of the issuer that people sign in with.";
        }
        else if (!options.ServicesOnly && !environment.IsDevelopment())
        {
            yield return $"No sign-in is configured, and outside Development the console does not start without: set {S}:Authority, {S}:ClientId, a client credential and {S}:Roles (docs/operations/sign-in.md), "
                + $"or {S}:ServicesOnly=true for a console that only services use, with tokens.";
        }
    }

    private static IEnumerable<string> Issuer(SignInOptions options)
    {
        if (options.ServicesOnly)
        {
            yield return $"{S}:ServicesOnly says that nobody signs in, and {S}:Authority names where people do; leave one of them out.";
        }

        if (WebAddress.HasCredential(options.Authority))
        {
            yield return $"{S}:Authority has a user or password in it: take it out, the console's credential at the issuer is {S}:ClientSecret, a certificate or a federated token.";
        }
        else if (!Uri.TryCreate(options.Authority, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps || address.Query.Length > 0 || address.Fragment.Length > 0)
        {
            yield return $"{S}:Authority is '{options.Authority}', and must be an https address without query.";
        }
        else if (options.IsMicrosoft && address.AbsolutePath.Trim('/').Split('/') is not [not ("common" or "organizations" or "consumers"), "v2.0"])
        {
            yield return $"{S}:Authority must name one tenant of Microsoft Entra ID: https://{address.Host}/<tenant id>/v2.0.";
        }

        if (string.IsNullOrWhiteSpace(options.ClientId))
        {
            yield return $"{S}:ClientId is missing: the console's id at the issuer.";
        }

        var given = new[] { (nameof(options.ClientSecret), options.ClientSecret), (nameof(options.ClientCertificate), options.ClientCertificate), (nameof(options.FederatedTokenFile), options.FederatedTokenFile) }
            .Where(c => !string.IsNullOrWhiteSpace(c.Item2)).Select(c => c.Item1).ToList();
        if (given.Count != 1)
        {
            yield return $"{S} needs one of ClientSecret, ClientCertificate and FederatedTokenFile, and has {(given.Count == 0 ? "none" : string.Join(" and ", given))}.";
        }

        if (!string.IsNullOrWhiteSpace(options.ClientCertificate) && CertificateFault(options) is { } fault)
        {
            yield return $"{S}:ClientCertificate {options.ClientCertificate} {fault}";
        }

        if (!string.IsNullOrWhiteSpace(options.FederatedTokenFile) && !File.Exists(options.FederatedTokenFile))
        {
            yield return $"{S}:FederatedTokenFile {options.FederatedTokenFile} is not there.";
        }

        if (options.Prompt is not (null or "" or "consent" or "login" or "select_account"))
        {
            yield return $"{S}:Prompt is '{options.Prompt}', and must be consent, login or select_account, or be left out.";
        }

        if (string.IsNullOrWhiteSpace(options.NameClaim) || string.IsNullOrWhiteSpace(options.RolesClaim))
        {
            yield return $"{S}:NameClaim and {S}:RolesClaim must name claims.";
        }
    }

    private static string? CertificateFault(SignInOptions options)
    {
        try
        {
            using var certificate = ClientCredential.Certificate(options);
            return certificate.HasPrivateKey ? null : "has no private key.";
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return $"cannot be used: {e.Message}";
        }
    }

    private static IEnumerable<string> Mapping(SignInOptions options)
    {
        if (options.Roles.Values.Concat(options.Environments.Values.SelectMany(e => e.Values)).All(v => v.Length == 0))
        {
            yield return $"{S}:Roles gives nobody a role: name values of the claim '{options.RolesClaim}' under {string.Join(", ", SignInOptions.People)}, for example {S}:Roles:Admin:0.";
        }

        foreach (var (path, values) in options.Roles.Select(r => ($"{S}:Roles:{r.Key}", r))
            .Concat(options.Environments.SelectMany(e => e.Value.Select(r => ($"{S}:Environments:{e.Key}:{r.Key}", r)))))
        {
            if (RoleMapping.Named(values.Key) is null)
            {
                yield return $"{path} is not a role; roles are {string.Join(", ", SignInOptions.People)}.";
            }

            if (values.Value.Any(string.IsNullOrWhiteSpace))
            {
                yield return $"{path} has an empty value.";
            }
        }

        foreach (var environment in options.Environments.Keys.Where(e => e.AsSpan().IndexOfAny(';', '=') >= 0))
        {
            yield return $"{S}:Environments:{environment} is not the name of an environment.";
        }
    }

    private static IEnumerable<string> Times(SignInOptions options) => new[]
    {
        (nameof(options.SessionLifetime), options.SessionLifetime, TimeSpan.FromMinutes(5), TimeSpan.FromDays(7)),
        (nameof(options.SessionLimit), options.SessionLimit, TimeSpan.FromMinutes(5), LongestLimit),
        (nameof(options.RecheckEvery), options.RecheckEvery, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30)),
        (nameof(options.AwayLimit), options.AwayLimit, TimeSpan.Zero, TimeSpan.FromHours(12)),
        (nameof(options.CallTimeout), options.CallTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10)),
        ("Emergency:Lifetime", options.Emergency.Lifetime, TimeSpan.FromMinutes(5), TimeSpan.FromHours(4)),
    }.Where(t => t.Item2 < t.Item3 || t.Item2 > t.Item4).Select(t => $"{S}:{t.Item1} is {t.Item2}, and must be from {t.Item3} to {t.Item4}.");

    private static IEnumerable<string> Emergency(SignInOptions options)
    {
        if (options.Emergency.IsConfigured && !(options.Emergency.SecretHash is { Length: 64 } hash && hash.All(char.IsAsciiHexDigit)))
        {
            yield return $"{S}:Emergency:SecretHash must be the SHA-256 of the secret, 64 hex digits.";
        }
    }
}
