namespace OpsConsole.Core.Policies.Text;

/// <summary>One thing about a policy text, at its place.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Message">What is wrong and what is right, in a sentence.</param>
/// <param name="Suggestion">What to write instead, in a sentence, where there is a likely one.</param>
public sealed record PolicyFault(int Line, int Column, string Message, string? Suggestion)
{
    /// <summary>Everything in one line: "line 3, column 5: … Did you mean …?"</summary>
    public string Sentence => $"line {Line}, column {Column}: {Message}{(Suggestion is null ? "" : " " + Suggestion)}";
}

/// <summary>What a policy text came to.</summary>
/// <param name="Errors">What keeps it from being used, in the order of the text; at most 100.</param>
/// <param name="Warnings">What is likely not meant.</param>
/// <param name="Policy">The model; null when there are errors.</param>
public sealed record PolicyCheckResult(IReadOnlyList<PolicyFault> Errors, IReadOnlyList<PolicyFault> Warnings, ReleasePolicy? Policy);
