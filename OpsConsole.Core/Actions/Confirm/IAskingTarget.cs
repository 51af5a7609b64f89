namespace OpsConsole.Core.Actions.Confirm;

/// <summary>A target that leads a rollout by itself and calls the console to ask whether it may go on.</summary>
public interface IAskingTarget
{
    /// <summary>Whether calls are answered at all: true where a token was set for them.</summary>
    bool IsAnswered { get; }

    /// <summary>True where a call carries the token that was set for it; compared in a time that tells nothing of it.</summary>
    bool Trusts(string token);

    /// <summary>The service that the target means; null where it means something that is not its own here.</summary>
    /// <param name="space">The namespace that it names.</param>
    /// <param name="name">What the service is called at the target.</param>
    string? ServiceOf(string space, string name);

    /// <summary>The version that is led up now, read from the target; null where it does not tell.</summary>
    /// <exception cref="Gate.TargetUnreachableException">It could not be read.</exception>
    Task<string?> VersionAsync(string service, CancellationToken cancellationToken);
}
