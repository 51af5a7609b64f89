using OpsConsole.Core.Switches;

namespace OpsConsole.Web.Api;

/// <summary>Where a client hears of changes without asking. Bulk answers name it; without it they say nothing of streams.</summary>
internal interface IFlagEventStreams
{
    /// <summary>What is put into the tags of answers that name a stream now: 8 characters of lower-case hex; null where none is to be had.</summary>
    string? Stamp { get; }

    /// <summary>True where a client whose tag has that stamp (null: none) needs no new address. Otherwise it is sent the whole answer though it has it, because an answer without a body names no stream.</summary>
    bool IsGood(string? stamp);

    /// <summary>Path and query at which the client connects, beginning with a slash; null where no stream is to be had. Called for each bulk answer with a body, so it must not wait or fail.</summary>
    /// <param name="reader">Who is answered.</param>
    /// <param name="flagClient">Its token; null for one that is no flag client's.</param>
    string? RequestUri(FlagReaderId reader, Guid? flagClient);
}

/// <summary>Stands in while nothing counts who reads flags.</summary>
internal sealed class NoFlagAudience : IFlagAudience
{
    public void Answered(FlagReaderId reader, string? key, long version)
    {
    }
}
