using OpsConsole.Core.Policies.Text;
using OpsConsole.Core.Releases;

namespace OpsConsole.Core.Policies.Replay;

/// <summary>Which policy to replay: a text, a version of the library, or (all null) the one that the release was registered with.</summary>
/// <param name="Text">Policy text.</param>
/// <param name="Name">Name in the library.</param>
/// <param name="Version">Version in the library; null: the newest.</param>
public sealed record PolicyChoice(string? Text = null, string? Name = null, int? Version = null)
{
    /// <summary>The release's own policy.</summary>
    public static PolicyChoice Own { get; } = new();
}

/// <summary>One policy against one release: what it came to, or why it could not be run.</summary>
/// <param name="Title">The policy in words.</param>
/// <param name="Outcome">What it came to; null when it could not be run.</param>
/// <param name="Errors">What is wrong with its text; empty when nothing is.</param>
/// <param name="Missing">Why there is no such policy; null when there is.</param>
/// <param name="Policy">Its model, where it has one.</param>
public sealed record ReplayedPolicy(string Title, ReplayOutcome? Outcome, IReadOnlyList<PolicyFault> Errors, string? Missing, ReleasePolicy? Policy);

/// <summary>Replays on one history.</summary>
public sealed record ReplaySet(ReleaseHistory History, IReadOnlyList<ReplayedPolicy> Policies);

/// <summary>Runs policies against the record of a release.</summary>
public sealed class PolicyReplays(ReleaseHistoryReader reader, IPolicyStore library) : IDisposable
{
    /// <summary>Histories held in memory at a time; further replays wait.</summary>
    private readonly SemaphoreSlim _room = new(2);

    /// <summary>Runs each policy against the same history.</summary>
    /// <returns>Null where there is no such release.</returns>
    public async Task<ReplaySet?> RunAsync(Guid releaseId, IReadOnlyList<PolicyChoice> choices, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(choices);
        await _room.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (await reader.ReadAsync(releaseId, cancellationToken).ConfigureAwait(false) is not { } history)
            {
                return null;
            }

            var replayed = new List<ReplayedPolicy>(choices.Count);
            foreach (var choice in choices)
            {
                replayed.Add(await RunAsync(choice, history, cancellationToken).ConfigureAwait(false));
            }

            return new(history, replayed);
        }
        finally
        {
            _room.Release();
        }
    }

    public void Dispose() => _room.Dispose();

    private async Task<ReplayedPolicy> RunAsync(PolicyChoice choice, ReleaseHistory history, CancellationToken cancellationToken)
    {
        var (title, text) = await FindAsync(choice, history.Release, cancellationToken).ConfigureAwait(false);
        if (text is null)
        {
            return new(title, null, [], choice.Name is null ? "The release was registered without a policy." : $"The library has no {title}.", null);
        }

        // Without a scope: a signal that the release lacks is part of the answer, not a fault of the text.
        var check = PolicyText.Check(text, null);
        return check.Policy is { } policy && check.Errors.Count == 0
            ? new(title, PolicyReplay.Run(policy, history), [], null, policy)
            : new(title, null, check.Errors, null, null);
    }

    private async Task<(string Title, string? Text)> FindAsync(PolicyChoice choice, Release release, CancellationToken cancellationToken)
    {
        if (choice.Text is { } pasted)
        {
            return ("the given text", pasted);
        }

        if (choice.Name is not { } name)
        {
            return (release.Policy?.Title ?? "its own policy", release.Policy?.Text);
        }

        return await library.FindAsync(name, choice.Version, cancellationToken).ConfigureAwait(false) is { } found
            ? ($"{found.Name}, version {found.Version}", found.Text)
            : (choice.Version is { } version ? $"{name}, version {version}" : name, null);
    }
}
