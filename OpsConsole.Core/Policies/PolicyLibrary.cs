using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Policies.Text;

namespace OpsConsole.Core.Policies;

/// <summary>What came of saving a policy.</summary>
public abstract record SavePolicyAnswer
{
    /// <summary>It is in the library.</summary>
    public sealed record Saved(PolicyVersion Version, bool IsNew, PolicyCheckResult Check) : SavePolicyAnswer;

    /// <summary>The text has faults; nothing was saved.</summary>
    public sealed record Faulty(PolicyCheckResult Check) : SavePolicyAnswer;

    /// <summary>The name or the note is not as it must be; nothing was saved.</summary>
    /// <param name="Field"><c>name</c> or <c>note</c>.</param>
    /// <param name="Sentence">What is right.</param>
    public sealed record Invalid(string Field, string Sentence) : SavePolicyAnswer;

    /// <summary>The role may not change policies.</summary>
    public sealed record NotPermitted(string Sentence) : SavePolicyAnswer;

    /// <summary>The record cannot be written now; nothing was saved.</summary>
    public sealed record Unavailable(string Sentence) : SavePolicyAnswer;
}

/// <summary>Takes policies into the library: a text with faults does not get in, so that every version can be used.</summary>
public sealed class PolicyLibrary(IPolicyStore policies, TimeProvider time)
{
    /// <summary>Longest note, in characters.</summary>
    public const int MaxNote = 512;

    /// <summary>The word that the pages use for a policy that is not there yet.</summary>
    public const string ReservedName = "new";

    /// <summary>Saves a text as a new version, or says what stands against it.</summary>
    public async Task<SavePolicyAnswer> SaveAsync(string name, string text, string? note, Operator by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(by);
        if (by.WhyNot(Permission.PoliciesWrite, "change policies") is { } why)
        {
            return new SavePolicyAnswer.NotPermitted(why);
        }

        if (!CatalogName.IsValid(name) || name is ReservedName or "check" or "schema" or "replay")
        {
            return new SavePolicyAnswer.Invalid("name", $"The name of a policy has {CatalogName.Form}; new, check, schema and replay are taken.");
        }

        var said = PlainText.Of(note).Trim();
        if (said.Length > MaxNote)
        {
            return new SavePolicyAnswer.Invalid("note", $"A note has at most {MaxNote} characters.");
        }

        var check = PolicyText.Check(text, null);
        if (check.Policy is null)
        {
            return new SavePolicyAnswer.Faulty(check);
        }

        try
        {
            // A browser ends lines its own way, which is no change of the policy.
            if (await policies.FindAsync(name, null, cancellationToken).ConfigureAwait(false) is { } latest && latest.Text.ReplaceLineEndings("\n") == text.ReplaceLineEndings("\n"))
            {
                return new SavePolicyAnswer.Saved(latest, IsNew: false, check);
            }

            var saved = await policies.SaveAsync(
                new(name, text, PolicyText.Digest(text), said.Length == 0 ? null : said, by, time.GetUtcNow()), cancellationToken).ConfigureAwait(false);
            return new SavePolicyAnswer.Saved(saved.Version, saved.IsNew, check);
        }
        catch (RecordUnavailableException)
        {
            return new SavePolicyAnswer.Unavailable("The record cannot be written now, so nothing was saved; try again in a minute.");
        }
    }
}
