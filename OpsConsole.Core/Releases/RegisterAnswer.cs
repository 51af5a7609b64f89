namespace OpsConsole.Core.Releases;

/// <summary>One thing wrong with a registration.</summary>
/// <param name="Path">Where, as a path into the JSON: <c>stages[2].exposurePercent</c>.</param>
/// <param name="Sentence">What is wrong and what is right.</param>
public sealed record RegistrationFault(string Path, string Sentence);

/// <summary>What came of a registration.</summary>
public abstract record RegisterAnswer
{
    /// <summary>It is on record and on the board.</summary>
    public sealed record Registered(Release Release) : RegisterAnswer
    {
        /// <summary>What the release will lack as things are, in plain sentences; it is registered all the same.</summary>
        public IReadOnlyList<string> Warnings { get; init; } = [];
    }

    /// <summary>Nothing was registered; every fault is listed.</summary>
    public sealed record Invalid(IReadOnlyList<RegistrationFault> Faults) : RegisterAnswer;

    /// <summary>What is asked cannot be beside what is there: the same version, another rollout on its way, or another artifact under the same version.</summary>
    /// <param name="Existing">The release that is there, where it is one.</param>
    /// <param name="Sentence">What stands in the way and what to do.</param>
    public sealed record Conflict(Guid? Existing, string Sentence) : RegisterAnswer;

    /// <summary>The role may not register releases.</summary>
    public sealed record NotPermitted(string Sentence) : RegisterAnswer;

    /// <summary>The record cannot be written now; nothing was registered.</summary>
    public sealed record Unavailable(string Sentence) : RegisterAnswer;
}
