using OpsConsole.Core.Policies;
using OpsConsole.Core.Policies.Text;

namespace OpsConsole.Web.Api;

/// <summary>One thing about a policy text: lines and columns from 1.</summary>
internal sealed record PolicyFaultAnswer(int Line, int Column, string Message, string? Suggestion)
{
    public static PolicyFaultAnswer From(PolicyFault f) => new(f.Line, f.Column, f.Message, f.Suggestion);
}

/// <summary>What a policy text came to; <c>policy</c> is its model, or null when there are errors.</summary>
internal sealed record PolicyCheckAnswer(IReadOnlyList<PolicyFaultAnswer> Errors, IReadOnlyList<PolicyFaultAnswer> Warnings, ReleasePolicy? Policy)
{
    public static PolicyCheckAnswer From(PolicyCheckResult r) => new([.. r.Errors.Select(PolicyFaultAnswer.From)], [.. r.Warnings.Select(PolicyFaultAnswer.From)], r.Policy);
}

/// <summary>A version of a policy without its text.</summary>
internal sealed record PolicyHeadAnswer(string Name, int Version, string Digest, string CreatedBy, DateTimeOffset CreatedAt, string? Note)
{
    public static PolicyHeadAnswer From(PolicyHead h) => new(h.Name, h.Version, h.Digest, h.CreatedBy, h.CreatedAt, h.Note);
}

/// <summary>The latest version of each policy.</summary>
internal sealed record PolicyList(IReadOnlyList<PolicyHeadAnswer> Items);

/// <summary>A version with its text.</summary>
internal record PolicyVersionAnswer(string Name, int Version, string Digest, string CreatedBy, DateTimeOffset CreatedAt, string? Note, string Text)
{
    public static PolicyVersionAnswer From(PolicyVersion v) => new(v.Name, v.Version, v.Digest, v.CreatedBy, v.CreatedAt, v.Note, v.Text);
}

/// <summary>The latest version of a policy with its text, and all of its versions, newest first.</summary>
internal sealed record PolicyStory(PolicyVersionAnswer Latest, IReadOnlyList<PolicyHeadAnswer> Versions);

/// <summary>What came of saving: <c>isNew</c> is false when the latest version had the same text already.</summary>
internal sealed record PolicySavedAnswer : PolicyVersionAnswer
{
    public PolicySavedAnswer(PolicyVersionAnswer version, bool isNew, IReadOnlyList<PolicyFaultAnswer> warnings)
        : base(version)
    {
        (IsNew, Warnings) = (isNew, warnings);
    }

    public bool IsNew { get; }

    public IReadOnlyList<PolicyFaultAnswer> Warnings { get; }
}
