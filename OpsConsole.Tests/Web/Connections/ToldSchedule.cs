using OpsConsole.Core.Signals;
using OpsConsole.Web.Jobs;

namespace OpsConsole.Tests.Web.Connections;

/// <summary>Sources that do as the test says.</summary>
internal sealed class ToldSchedule : ISourceSchedule
{
    /// <summary>How each does.</summary>
    public List<SourceStatus> Sources { get; } = [];

    public Task AddAsync(SourceBinding binding, CancellationToken cancellationToken)
    {
        Sources.Add(new(binding, null, null, 0));
        return Task.CompletedTask;
    }

    public Task RemoveAsync(string key, CancellationToken cancellationToken)
    {
        Sources.RemoveAll(s => s.Binding.Key == key);
        return Task.CompletedTask;
    }

    public IReadOnlyList<SourceStatus> List() => [.. Sources];
}
