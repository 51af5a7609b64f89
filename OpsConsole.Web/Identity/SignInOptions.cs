using OpsConsole.Core.Access;

namespace OpsConsole.Web.Identity;

/// <summary>How people sign in, section <c>OpsConsole:SignIn</c> (environment: <c>OpsConsole__SignIn__Authority</c>). docs/operations/sign-in.md leads through it.</summary>
public sealed class SignInOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "OpsConsole:SignIn";

    /// <summary>The issuer: <c>https://login.microsoftonline.com/&lt;tenant&gt;/v2.0</c> for Microsoft Entra ID, or the https address of another OpenID Connect issuer, as its discovery document names it.</summary>
    public string? Authority { get; set; }

    /// <summary>The issuer's name on the sign-in page; without it "Microsoft Entra ID", or the issuer's host.</summary>
    public string? Title { get; set; }

    /// <summary>The console's id at the issuer.</summary>
    public string? ClientId { get; set; }

    /// <summary>A secret that the issuer gave the console. One of this, <see cref="ClientCertificate"/> and <see cref="FederatedTokenFile"/>.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>Path of a certificate with its private key: PFX, or PEM with the key in <see cref="ClientCertificateKey"/> or in the same file.</summary>
    public string? ClientCertificate { get; set; }

    /// <summary>Path of the private key in PEM.</summary>
    public string? ClientCertificateKey { get; set; }

    /// <summary>Password of a PFX file.</summary>
    public string? ClientCertificatePassword { get; set; }

    /// <summary>Path of a file that the platform keeps filled with a token for the console (workload identity federation); read anew for every call.</summary>
    public string? FederatedTokenFile { get; set; }

    /// <summary>Scopes asked for besides <c>openid profile offline_access</c>.</summary>
    public IList<string> Scopes { get; } = [];

    /// <summary><c>consent</c>, <c>login</c> or <c>select_account</c>, where the issuer needs it; some give <c>offline_access</c> only with consent.</summary>
    public string? Prompt { get; set; }

    /// <summary>Claim with the person's name as the record keeps it. It must be unique and lasting at the issuer; without it the subject is taken.</summary>
    public string NameClaim { get; set; } = "preferred_username";

    /// <summary>Claim with roles or groups; a dot leads into an object (<c>realm_access.roles</c>).</summary>
    public string RolesClaim { get; set; } = "roles";

    /// <summary>For each of Viewer, OnCall, ReleaseManager and Admin, the values of the claim that give it.</summary>
    public IDictionary<string, string[]> Roles { get; } = new Dictionary<string, string[]>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The same for single environments. An environment named here knows only the roles given here: whoever has none in it is a viewer there.</summary>
    public IDictionary<string, Dictionary<string, string[]>> Environments { get; } = new Dictionary<string, Dictionary<string, string[]>>(StringComparer.OrdinalIgnoreCase);

    /// <summary>How long a sign-in lasts without use, 5 minutes to 7 days.</summary>
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromHours(12);

    /// <summary>Whether use renews the lifetime; otherwise it runs from the sign-in.</summary>
    public bool SlidingRenewal { get; set; } = true;

    /// <summary>How long a sign-in lasts at most, however it is used; up to 30 days.</summary>
    public TimeSpan SessionLimit { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How often the issuer is asked whether roles still hold, 1 to 30 s: with half of it between looks and the time of a call, a role taken away stops within a minute.</summary>
    public TimeSpan RecheckEvery { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long looking and stopping go on when the issuer cannot be asked, 0 to 12 hours.</summary>
    public TimeSpan AwayLimit { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Longest time of one call to the issuer, 1 to 10 s.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>True for a console that only services use, with tokens: nobody signs in to its pages.</summary>
    public bool ServicesOnly { get; set; }

    /// <summary>The sealed account for when the issuer is away.</summary>
    public EmergencyOptions Emergency { get; set; } = new();

    /// <summary>True when an issuer is named.</summary>
    public bool IsConfigured => !string.IsNullOrWhiteSpace(Authority);

    /// <summary>True for Microsoft Entra ID.</summary>
    public bool IsMicrosoft => Uri.TryCreate(Authority, UriKind.Absolute, out var address)
        && address.Host is "login.microsoftonline.com" or "login.microsoftonline.us" or "login.partner.microsoftonline.cn";

    /// <summary>The issuer's name for people.</summary>
    public string IssuerTitle => !string.IsNullOrWhiteSpace(Title) ? Title
        : IsMicrosoft ? "Microsoft Entra ID"
        : Uri.TryCreate(Authority, UriKind.Absolute, out var address) ? address.Host
        : "";

    /// <summary>The four roles of people.</summary>
    internal static IReadOnlyList<Role> People { get; } = [Role.Viewer, Role.OnCall, Role.ReleaseManager, Role.Admin];
}

/// <summary>Emergency access, section <c>OpsConsole:SignIn:Emergency</c>. Off unless a hash is given.</summary>
public sealed class EmergencyOptions
{
    /// <summary>Shortest secret that is looked at, in characters.</summary>
    public const int MinSecretLength = 32;

    /// <summary>SHA-256 of the secret in hex. The secret is long and random, so that a plain hash cannot be turned back.</summary>
    public string? SecretHash { get; set; }

    /// <summary>How long one use lasts, 5 minutes to 4 hours; never renewed.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>True when a hash is given.</summary>
    public bool IsConfigured => !string.IsNullOrWhiteSpace(SecretHash);
}
