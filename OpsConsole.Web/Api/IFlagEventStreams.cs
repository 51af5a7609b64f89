using OpsConsole.Core.Switches;

namespace OpsConsole.Web.Api;

/// <summary>Where a client hears of changes without asking. Bulk answers name it; without it they say nothing of streams.</summary>
internal interface IFlagEventStreams
{
    /// <summary>Path and query at which the client connects, beginning with a slash. Called for each bulk answer with a body, so it must not wait or fail.</summary>
    /// <param name="reader">Who is answered.</param>
    /// <param name="flagClient">Its token; null for one that is no flag client's.</param>
    string RequestUri(FlagReaderId reader, Guid? flagClient);
}

/// <summary>Stands in while nothing counts who reads flags.</summary>
internal sealed class NoFlagAudience : IFlagAudience
{
    public void Answered(FlagReaderId reader, string? key, long version)
    {
    }
}
