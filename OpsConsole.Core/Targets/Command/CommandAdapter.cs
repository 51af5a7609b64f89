using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Remote;

namespace OpsConsole.Core.Targets.Command;

/// <summary>Has a program of this machine bring a state about, and another run of it tell what is so.</summary>
internal sealed class CommandAdapter(TargetSettings settings, RemoteConnections connections) : IDeliveryTargetAdapter
{
    /// <summary>It did what was asked, or took it on.</summary>
    private const int Done = 0;

    /// <summary>It said no and did nothing; the code that <c>sysexits.h</c> gives to input that is wrong.</summary>
    private const int Refused = 65;

    /// <summary>It did nothing and is to be asked again; the code that <c>sysexits.h</c> gives to a failure that passes.</summary>
    private const int Busy = 75;

    private const int MoreTries = 2;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly CommandProcess _process = new(settings[CommandKind.Program], CommandKind.Environment(settings));
    private readonly CommandLine _change = new(settings[CommandKind.Change]);
    private readonly CommandLine _state = new(settings[CommandKind.State]);
    private readonly string _title = $"The {settings[DeclaredCapabilities.Title]}";

    public string Target => settings.Target;

    public TargetCapabilities Capabilities { get; } = DeclaredCapabilities.Of(settings);

    /// <inheritdoc/>
    /// <remarks>What grows is looked for before it is asked for, so that twice is one effect. What stops is asked for at once: it is a state to reach, and no reading may hold it up.</remarks>
    public async Task ApplyAsync(TargetChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (!change.Halted && change.ExposurePercent > 0 && await IsSoAsync(change, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        var answer = await RunAsync(_change.For(change, settings.NameOf(change.Service)), cancellationToken).ConfigureAwait(false);
        if (answer is { ExitCode: Done, Output: not null })
        {
            return;
        }

        throw answer switch
        {
            { ExitCode: null } => new TargetRefusedException(NotStarted(answer)),
            { Output: null } => new TargetUnreachableException($"{_title} wrote more than {CommandProcess.MaxOutput} characters and was ended; whether it did anything is not known."),
            { ExitCode: Refused } => new TargetRefusedException($"{_title} refused{Said(answer)}"),
            { ExitCode: Busy } => new TargetRefusedException($"{_title} is busy and did nothing{Said(answer)}"),
            _ => new TargetUnreachableException($"{_title} ended with {answer.ExitCode}; whether it did anything is not known{Said(answer)}"),
        };
    }

    /// <inheritdoc/>
    public async Task<TargetObservation> ObserveAsync(string service, string environment, string version, CancellationToken cancellationToken)
    {
        var answer = await RunAsync(_state.For(settings.NameOf(service), environment, version), cancellationToken).ConfigureAwait(false);
        return answer switch
        {
            { ExitCode: null } => throw new TargetUnreachableException(NotStarted(answer)),
            { Output: null } => throw new TargetUnreachableException($"{_title} wrote more than {CommandProcess.MaxOutput} characters when it was read, and was ended."),
            { ExitCode: Done, Output: { } output } => Parse(output),
            _ => throw new TargetUnreachableException($"{_title} ended with {answer.ExitCode} when it was read{Said(answer)}"),
        };
    }

    private async Task<bool> IsSoAsync(TargetChange change, CancellationToken cancellationToken)
    {
        var now = await ObserveAsync(change.Service, change.Environment, change.Version, cancellationToken).ConfigureAwait(false);
        return now.LastActionId == change.ActionId || (!now.Halted && TargetConversation.Same(now.ExposurePercent, change.ExposurePercent));
    }

    private TargetObservation Parse(string output)
    {
        try
        {
            using var document = JsonDocument.Parse(output);
            return RolloutAnswer.Read(document.RootElement, settings, $"{_title} wrote something else than the state of a rollout", connections.Time.GetUtcNow());
        }
        catch (JsonException e)
        {
            throw new TargetUnreachableException($"{_title} wrote something else than the state of a rollout: it is no JSON.", e);
        }
    }

    /// <summary>Runs it within the time, and again only where it says that it did nothing yet.</summary>
    private async Task<CommandAnswer> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(settings.Timeout, connections.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            for (var tried = 1; ; tried++)
            {
                var answer = await _process.RunAsync(arguments, either.Token).ConfigureAwait(false);
                if (answer.ExitCode != Busy || tried > MoreTries)
                {
                    return answer;
                }

                await Task.Delay(Pause * tried, connections.Time, either.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TargetUnreachableException(string.Create(CultureInfo.InvariantCulture, $"{_title} did not end within {settings.Timeout.TotalSeconds:0.#} s and was ended, with what it had started."), e);
        }
        catch (Win32Exception e)
        {
            return new CommandAnswer(null, "", e.Message);
        }
    }

    private string NotStarted(CommandAnswer answer) => $"{_title} could not be started{Said(answer)}";

    /// <summary>What it said last, as the end of a sentence.</summary>
    private string Said(CommandAnswer answer)
    {
        var last = answer.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "";
        return RemoteWords.Plain(last, settings.Secrets) is { Length: > 0 } words ? $": {words}" : ".";
    }
}
