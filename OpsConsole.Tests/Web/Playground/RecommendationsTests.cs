using OpsConsole.Tests.Shared;
using OpsConsole.Web.Playground.Shop;

namespace OpsConsole.Tests.Web.Playground;

/// <summary>The defect: few users at a time are served, more of them queue for a connection and give up.</summary>
public sealed class RecommendationsTests
{
    private readonly FakeTime _time = new();
    private readonly TaskCompletionSource _profiles = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task As_many_as_there_are_connections_do_not_wait()
    {
        using var recommendations = new Recommendations((_, _) => _profiles.Task, _time);

        Task[] pages = [.. Pages(recommendations, Recommendations.Connections)];

        Assert.Equal(0, recommendations.Waiting);
        _profiles.SetResult();
        await Task.WhenAll(pages);
    }

    [Fact]
    public async Task The_others_queue_and_give_up_at_the_limit()
    {
        using var recommendations = new Recommendations((_, _) => _profiles.Task, _time);
        Task[] served = [.. Pages(recommendations, Recommendations.Connections)];
        Task[] queued = [.. Pages(recommendations, 10)];
        Assert.Equal(10, recommendations.Waiting);

        _time.Advance(Recommendations.WaitLimit);

        foreach (var page in queued)
        {
            await Assert.ThrowsAsync<TimeoutException>(() => page);
        }

        Assert.Equal(0, recommendations.Waiting);
        _profiles.SetResult();
        await Task.WhenAll(served);
    }

    [Fact]
    public async Task A_connection_is_given_back_when_the_profile_fails()
    {
        var fails = true;
        using var recommendations = new Recommendations((_, _) => fails ? throw new InvalidOperationException("no") : Task.CompletedTask, _time);
        for (var i = 0; i < Recommendations.Connections; i++)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => recommendations.PersonaliseAsync("u", CancellationToken.None));
        }

        fails = false;
        await recommendations.PersonaliseAsync("u", CancellationToken.None);
    }

    private static IEnumerable<Task> Pages(Recommendations recommendations, int count) =>
        Enumerable.Range(0, count).Select(i => recommendations.PersonaliseAsync("user-" + i, CancellationToken.None));
}
