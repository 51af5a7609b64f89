using OpsConsole.Core.Signals;

namespace OpsConsole.Web.Jobs;

/// <summary>How the reading of a source goes.</summary>
/// <param name="Binding">What is read.</param>
/// <param name="LastReadAt">When it was last read with success.</param>
/// <param name="LastError">What went wrong last, while it does.</param>
/// <param name="ConsecutiveErrors">Failed reads in a row.</param>
public sealed record SourceStatus(SourceBinding Binding, DateTimeOffset? LastReadAt, string? LastError, int ConsecutiveErrors);

/// <summary>Which sources are read, one Quartz job each.</summary>
public interface ISourceSchedule
{
    /// <summary>Begins to read a source, or replaces the binding of the same key.</summary>
    Task AddAsync(SourceBinding binding, CancellationToken cancellationToken);

    /// <summary>Stops reading a source.</summary>
    Task RemoveAsync(string key, CancellationToken cancellationToken);

    /// <summary>How every source does.</summary>
    IReadOnlyList<SourceStatus> List();
}
