using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using OpsConsole.Core.Access;

namespace OpsConsole.Web.Identity;

/// <summary>Keeps sign-ins in files of the data folder, each encrypted with the console's own keys, so that a restart signs nobody out: also not while the issuer is away.</summary>
internal sealed class SessionFiles(string folder, IDataProtectionProvider protection, ILogger<SessionFiles> log)
{
    private const string Ending = ".session";

    private readonly IDataProtector _protector = protection.CreateProtector("OpsConsole.Identity.Sessions");

    /// <summary>Writes a sign-in over what was kept of it.</summary>
    public void Save(SignInSession session)
    {
        var kept = new Kept(
            session.Id, session.Subject, session.BeganAt, session.ConfirmedAt, session.SeenAt, session.By.Name, session.By.Role, session.By.ByEnvironment?.ToString(), session.Tokens.AccountId, session.Tokens.Tokens);
        Try("written", () =>
        {
            Directory.CreateDirectory(folder);
            var (path, part) = (PathOf(session.Id), PathOf(session.Id) + ".part");
            File.WriteAllBytes(part, _protector.Protect(JsonSerializer.SerializeToUtf8Bytes(kept)));
            File.Move(part, path, overwrite: true);
        });
    }

    /// <summary>Forgets a sign-in.</summary>
    public void Delete(string id) => Try("deleted", () => File.Delete(PathOf(id)));

    /// <summary>Every sign-in that was kept. What cannot be read is deleted: whoever it was signs in again.</summary>
    public IReadOnlyList<SignInSession> Load()
    {
        var found = new List<SignInSession>();
        if (!Directory.Exists(folder))
        {
            return found;
        }

        foreach (var file in Directory.EnumerateFiles(folder, "*" + Ending))
        {
            try
            {
                found.Add(Read(JsonSerializer.Deserialize<Kept>(_protector.Unprotect(File.ReadAllBytes(file)))!));
            }
            catch (Exception e) when (e is CryptographicException or JsonException or IOException or UnauthorizedAccessException)
            {
                log.LogWarning("A kept sign-in cannot be read ({Reason}) and is forgotten.", e.GetType().Name);
                Try("deleted", () => File.Delete(file));
            }
        }

        return found;
    }

    private static SignInSession Read(Kept kept) => new()
    {
        Id = kept.Id,
        Subject = kept.Subject,
        BeganAt = kept.BeganAt,
        ConfirmedAt = kept.ConfirmedAt,
        SeenAt = kept.SeenAt,
        By = new Operator(kept.Name, kept.Role, IsService: false) { Session = kept.Id, ByEnvironment = EnvironmentRoles.Parse(kept.ByEnvironment) },
        Tokens = new IssuerTokens(null, kept.AccountId, kept.Tokens),
    };

    /// <summary>The name of a sign-in is in its cookie, so it is not on the disk.</summary>
    private string PathOf(string id) => Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id))) + Ending);

    private void Try(string what, Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            log.LogWarning("A sign-in could not be {What} in the data folder ({Reason}); after a restart its person signs in again.", what, e.Message);
        }
    }

    private sealed record Kept(
        string Id, string Subject, DateTimeOffset BeganAt, DateTimeOffset ConfirmedAt, DateTimeOffset SeenAt, string Name, Role Role, string? ByEnvironment, string AccountId, byte[] Tokens);
}
