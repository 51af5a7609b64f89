using System.Text.Json;

namespace OpsConsole.Web.Catalog;

/// <summary>What came of the tests of a draft. What was found of something else than it says now counts no more.</summary>
public sealed class DraftTests(ServiceDraft draft)
{
    private readonly Dictionary<DraftStep, (string Of, bool? Passed, string Sentence)> _found = [];

    /// <summary>Begins a test of what a step connects; what an earlier one came to counts no more.</summary>
    /// <returns>What is tested.</returns>
    public string Begin(DraftStep step)
    {
        _found.Remove(step);
        return Of(step);
    }

    /// <summary>Keeps what came of a test.</summary>
    /// <param name="step">Of which step.</param>
    /// <param name="of">What <see cref="Begin"/> said.</param>
    /// <param name="passed">Null where it was not run.</param>
    /// <param name="sentence">What was found, or why it was not run.</param>
    public void Keep(DraftStep step, string of, bool? passed, string sentence) => _found[step] = (of, passed, sentence);

    /// <summary>Why nothing shows that what a step connects works, as a sentence; null where its test passed, or there is nothing to test.</summary>
    public string? Lack(DraftStep step) => step switch
    {
        DraftStep.Target => Lack(step, $"target {draft.TargetName.Trim()}"),
        DraftStep.Source when draft.SourceKind != ServiceDraft.NoSource => Lack(step, $"source {draft.SourceKey.Trim()}"),
        _ => null,
    };

    private string? Lack(DraftStep step, string what) =>
        !_found.TryGetValue(step, out var found) || found.Of != Of(step) ? $"The {what} was not tested."
        : found.Passed switch
        {
            true => null,
            false => $"The test of the {what} did not pass: {found.Sentence}",
            null => $"The {what} was not tested: {found.Sentence}",
        };

    private string Of(DraftStep step) => JsonSerializer.Serialize<object?[]>(step == DraftStep.Target
        ? [draft.Name, draft.TargetName, draft.TargetKind, draft.TargetPlace, draft.TargetValues]
        :
        [
            draft.Name, draft.TargetName, draft.SourceKey, draft.SourceKind, draft.SourcePlace, draft.Address, draft.Token, draft.SourceValues, draft.Measures,
            draft.Signal, draft.Rule, draft.Selects, draft.Divides, draft.Quantile,
        ]);
}
