using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OpsConsole.Core.Connections;

namespace OpsConsole.Core.Targets.Kubernetes;

/// <summary>How the API server of a cluster is reached and which images are a service's: the same for every kind of target that lives in a cluster.</summary>
internal static class KubeSettings
{
    public const string Api = "Api", Token = "Token", TokenFile = "TokenFile", CaFile = "CaFile", Namespace = "Namespace", Image = "Image";

    /// <summary>Longest name of a namespace, in characters.</summary>
    private const int MaxLabel = 63;

    public static IReadOnlyList<ConnectionSetting> All { get; } =
    [
        new(Namespace, "The namespace of this environment."),
        new(Image, "Image of a service, with {version} for the version's place and {service} for the name's, for example registry.example.org/{service}:{version}."),
        new(Token, "Bearer token of a service account.", SettingForm.Secret, IsRequired: false),
        new(TokenFile, "File that holds the bearer token, read anew for every request, instead of Token.", SettingForm.SecretFile, IsRequired: false),
        new(CaFile, "File with the certificates (PEM) of the authority that signed the API server's; left out, what the machine trusts.", IsRequired: false),
        new(Api, "Address of the API server.", SettingForm.Address, "https://kubernetes.default.svc"),
    ];

    /// <summary>The same for what is read there: the API server is then the source's address.</summary>
    public static IEnumerable<ConnectionSetting> OfSources => All.Where(static s => s.Name != Api);

    /// <summary>What is wrong with settings, one sentence each.</summary>
    public static IEnumerable<string> Faults(ConnectionSettings settings)
    {
        if (!IsLabel(settings[Namespace]))
        {
            yield return $"{Namespace} is not the name of a namespace: lower-case letters, digits and hyphens, at most {MaxLabel}.";
        }

        if (settings[Image].Split(ImageTemplate.Version).Length != 2)
        {
            yield return $"{Image} does not say {ImageTemplate.Version} exactly once.";
        }

        if ((settings[Token].Length > 0) == (settings[TokenFile].Length > 0))
        {
            yield return $"{Token} or {TokenFile} is needed, and not both.";
        }

        if (settings[CaFile].Length > 0 && Authorities(settings[CaFile]) is null)
        {
            yield return $"{CaFile} is not a file with certificates in PEM.";
        }
    }

    /// <summary>The authorities in a file; null where there are none to be read.</summary>
    public static X509Certificate2Collection? Authorities(string file)
    {
        try
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPemFile(file);
            return found.Count > 0 ? found : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    private static bool IsLabel(string name) =>
        name.Length is > 0 and <= MaxLabel && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') && name[0] != '-' && name[^1] != '-';
}
