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
    private const string PersonEnding = ".person";

    private readonly IDataProtector _protector = protection.CreateProtector("OpsConsole.Identity.Sessions");

    /// <summary>Writes a sign-in over what was kept of it.</summary>
    public void Save(SignInSession session)
    {
        var kept = new Kept(
            session.Id, session.Subject, session.BeganAt, session.ConfirmedAt, session.SeenAt, session.By.Name, session.By.Role, session.By.ByEnvironment?.ToString(), session.Tokens.AccountId, session.Tokens.Tokens);
        Try("written", () => Write(PathOf(session.Id, Ending), kept));
    }

    /// <summary>Writes the issuer's last word about a person. It outlives every sign-in, so that an approval of someone who lost the role does not count again after a restart.</summary>
    /// <remarks>Where it cannot be written, the older word goes: whoever is not known counts for nothing until they sign in again.</remarks>
    public void Save(string name, PersonWord word)
    {
        var path = PathOf(name, PersonEnding);
        if (!TryPerson("written", () => Write(path, new Person(name, word.By?.Role, word.By?.ByEnvironment?.ToString(), word.At))))
        {
            Forget(name);
        }
    }

    /// <summary>Deletes the word about a person: they count for nothing until they sign in again.</summary>
    public void Forget(string name) => TryPerson("deleted", () => File.Delete(PathOf(name, PersonEnding)));

    /// <summary>The issuer's last word about everybody of whom one is kept. One that was kept without its time is taken as of now.</summary>
    public IReadOnlyDictionary<string, PersonWord> LoadPeople(DateTimeOffset now)
    {
        var people = new Dictionary<string, PersonWord>(StringComparer.Ordinal);
        foreach (var person in Load<Person>(PersonEnding))
        {
            var by = person.Role is { } role ? new Operator(person.Name, role, IsService: false) { ByEnvironment = EnvironmentRoles.Parse(person.ByEnvironment) } : null;
            people[person.Name] = new PersonWord(by, person.At ?? now);
            if (person.At is null)
            {
                Save(person.Name, people[person.Name]);
            }
        }

        return people;
    }

    /// <summary>Forgets a sign-in.</summary>
    public void Delete(string id) => Try("deleted", () => File.Delete(PathOf(id, Ending)));

    /// <summary>Every sign-in that was kept. What cannot be read is deleted: whoever it was signs in again.</summary>
    public IReadOnlyList<SignInSession> Load() => [.. Load<Kept>(Ending).Select(Read)];

    private List<T> Load<T>(string ending)
    {
        var found = new List<T>();
        foreach (var file in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*" + ending) : [])
        {
            try
            {
                found.Add(JsonSerializer.Deserialize<T>(_protector.Unprotect(File.ReadAllBytes(file)))!);
            }
            catch (Exception e) when (e is CryptographicException or JsonException or IOException or UnauthorizedAccessException)
            {
                if (ending == PersonEnding)
                {
                    log.LogWarning("The issuer's last word about a person cannot be read ({Reason}); what the person approved counts no more until they sign in again.", e.GetType().Name);
                }
                else
                {
                    log.LogWarning("A kept sign-in cannot be read ({Reason}) and is forgotten.", e.GetType().Name);
                }

                Try("deleted", () => File.Delete(file));
            }
        }

        return found;
    }

    private void Write<T>(string path, T kept)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(path + ".part", _protector.Protect(JsonSerializer.SerializeToUtf8Bytes(kept)));
        File.Move(path + ".part", path, overwrite: true);
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
    private string PathOf(string id, string ending) => Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id))) + ending);

    private void Try(string what, Action work)
    {
        if (Fault(work) is { } reason)
        {
            log.LogWarning("A sign-in could not be {What} in the data folder ({Reason}); after a restart its person signs in again.", what, reason);
        }
    }

    /// <summary>False where it could not be done.</summary>
    private bool TryPerson(string what, Action work)
    {
        if (Fault(work) is not { } reason)
        {
            return true;
        }

        log.LogWarning("The issuer's last word about a person could not be {What} in the data folder ({Reason}); after a restart what the person approved must count no more until they sign in again.", what, reason);
        return false;
    }

    /// <summary>Why it could not be done; null where it was.</summary>
    private static string? Fault(Action work)
    {
        try
        {
            work();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return e.Message;
        }
    }

    private sealed record Kept(
        string Id, string Subject, DateTimeOffset BeganAt, DateTimeOffset ConfirmedAt, DateTimeOffset SeenAt, string Name, Role Role, string? ByEnvironment, string AccountId, byte[] Tokens);

    private sealed record Person(string Name, Role? Role, string? ByEnvironment, DateTimeOffset? At);
}

/// <summary>The issuer's last word about a person.</summary>
/// <param name="By">The person in the roles that it gives, or null where it gives none.</param>
/// <param name="At">When it was new, or when the last sign-in of the person ended, whichever is later.</param>
internal sealed record PersonWord(Operator? By, DateTimeOffset At);
