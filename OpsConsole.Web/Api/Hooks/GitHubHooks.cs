using System.Net;
using System.Text.Json;
using OpsConsole.Core.Access;
using OpsConsole.Core.Audit;
using OpsConsole.Core.Releases;
using OpsConsole.Web.Identity;

namespace OpsConsole.Web.Api.Hooks;

/// <summary>A delivery as it came, before anything of it is believed.</summary>
/// <param name="Id">GitHub's id of it; the same where it is delivered again.</param>
/// <param name="Happened">What it tells of.</param>
/// <param name="Signature">The signature that it came with.</param>
/// <param name="Body">Its body, as it came.</param>
/// <param name="From">Where it came from.</param>
internal sealed record HubDelivery(string Id, string Happened, string? Signature, ReadOnlyMemory<byte> Body, IPAddress? From);

/// <summary>Takes deliveries of GitHub: those that are signed, new and of the hook's own environment, each once.</summary>
/// <remarks>
/// The id of a delivery is not signed, so a replay could name another one: a delivery is known again by its signature too.
/// What outlives this memory is the release itself: one deployment is one release, whichever console is told of it.
/// </remarks>
internal sealed class GitHubHooks
{
    /// <summary>Deliveries without a good signature that one address may send in a minute.</summary>
    internal const int ForgedFromOne = 60;

    /// <summary>Signed deliveries of one hook that are looked at in a minute.</summary>
    internal const int SignedOfOne = 120;

    private const string Happened = "hook.github";

    /// <summary>How far ahead of the console's clock GitHub's may be.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, Hook> _hooks;
    private readonly GitHubReleases _releases;
    private readonly SignInAudit _audit;
    private readonly TimeProvider _time;
    private readonly AttemptLimit _forged;
    private readonly AttemptLimit _signed;
    private readonly RecordPace _pace = new();

    public GitHubHooks(GitHubHookOptions options, GitHubReleases releases, SignInAudit audit, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_releases, _audit, _time) = (releases, audit, time);
        _forged = new AttemptLimit(ForgedFromOne, int.MaxValue, TimeSpan.FromMinutes(1), time);
        _signed = new AttemptLimit(SignedOfOne, int.MaxValue, TimeSpan.FromMinutes(1), time);
        _hooks = options.Hooks.ToDictionary(h => h.Key, h => new Hook(h.Value, new HubSignature(h.Value.Secret ?? ""), new SeenDeliveries(h.Value.MostAge + Ahead + Ahead, time)), StringComparer.Ordinal);
    }

    /// <summary>Whether there is a hook of that name.</summary>
    public bool Has(string name) => _hooks.ContainsKey(name);

    /// <summary>Takes a delivery.</summary>
    /// <param name="name">The hook that it came to.</param>
    /// <param name="delivery">As it came.</param>
    /// <param name="json">How the API reads JSON.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<HookOutcome> TakeAsync(string name, HubDelivery delivery, JsonSerializerOptions json, CancellationToken cancellationToken)
    {
        var hook = _hooks[name];
        // What others at the same address send wrongly never keeps out what is signed.
        if (!hook.Signature.Signs(delivery.Body.Span, delivery.Signature))
        {
            if (!_forged.TryTake(delivery.From))
            {
                return HookOutcome.No(StatusCodes.Status429TooManyRequests, "Too many deliveries without a good signature came from there; wait a minute.");
            }

            return await RefusedAsync(name, HookOutcome.No(StatusCodes.Status401Unauthorized, $"{HubSignature.Header} is not the signature of this body by the hook's secret."));
        }

        if (!_signed.TryTakeFor(name))
        {
            return HookOutcome.No(StatusCodes.Status429TooManyRequests, "Too many deliveries came for this hook; wait a minute.");
        }

        if (delivery.Happened is not (GitHubDeployed.Deployment or GitHubDeployed.Status))
        {
            return new(StatusCodes.Status200OK, HookOutcome.Ignored, delivery.Happened == "ping" ? "The hook is connected." : $"Of {delivery.Happened} nothing is taken: deployments become releases.");
        }

        string[] marks = [$"id {delivery.Id}", $"signature {delivery.Signature}"];
        if (!hook.Seen.TryTake(marks))
        {
            return await RefusedAsync(name, HookOutcome.No(StatusCodes.Status409Conflict, "This delivery was taken before; each counts once."));
        }

        var settled = false;
        try
        {
            var outcome = await TakeAsync(name, hook.Options, delivery, json, cancellationToken);
            settled = outcome.IsSettled;
            return outcome.Outcome switch
            {
                HookOutcome.Refused => await RefusedAsync(name, outcome),
                HookOutcome.Registered => await DoneAsync(name, outcome),
                _ => outcome,
            };
        }
        catch (RecordUnavailableException)
        {
            return HookOutcome.No(StatusCodes.Status503ServiceUnavailable, "The record cannot be read now, so nothing was registered; deliver it again in a minute.");
        }
        finally
        {
            if (!settled)
            {
                hook.Seen.LetGo(marks);
            }
        }
    }

    private async Task<HookOutcome> TakeAsync(string name, GitHubHook hook, HubDelivery delivery, JsonSerializerOptions json, CancellationToken cancellationToken)
    {
        GitHubDeployed deployed;
        ReleaseRegistration? own;
        try
        {
            using var body = JsonDocument.Parse(delivery.Body);
            deployed = GitHubDeployed.Read(delivery.Happened, body.RootElement);
            own = deployed.Own?.Deserialize<ReleaseRegistration>(json);
        }
        catch (JsonException e)
        {
            return HookOutcome.No(StatusCodes.Status400BadRequest, $"The body, or what the deployment's payload says below opsconsole, has a value of a wrong kind or an unknown member{(e.Path is { Length: > 0 } path ? $" at {path}" : "")}.");
        }
        catch (FormatException e)
        {
            return HookOutcome.No(StatusCodes.Status400BadRequest, e.Message);
        }

        var (wanted, age) = (hook.DeploymentEnvironment ?? hook.Environment!, _time.GetUtcNow() - deployed.ToldAt);
        return deployed.Environment != wanted ? HookOutcome.No(StatusCodes.Status403Forbidden, $"This hook is for deployments to {wanted}, and this one is to {deployed.Environment}.")
            : age > hook.MostAge || age < -Ahead ? HookOutcome.No(StatusCodes.Status422UnprocessableEntity, $"What is told happened at {deployed.ToldAt:u}, which is not within {hook.MostAge} before now.")
            : deployed.Task.StartsWith("opsconsole:", StringComparison.Ordinal) ? new(StatusCodes.Status200OK, HookOutcome.Ignored, "The console made this deployment itself.")
            : deployed.HasEnded ? new(StatusCodes.Status200OK, HookOutcome.Ignored, $"The deployment is at {deployed.State}, so there is nothing to release.")
            : await _releases.RegisterAsync(Actor(name, hook), hook, deployed, own, cancellationToken);
    }

    /// <summary>May register releases in its environment, and nothing else.</summary>
    private static Operator Actor(string name, GitHubHook hook) => new(Named(name), Role.Service, IsService: true) { Scope = new AccessScope([new AccessGrant(hook.Environment!, Permission.ReleasesRegister)]) };

    private async Task<HookOutcome> RefusedAsync(string name, HookOutcome outcome)
    {
        await _pace.TellAsync(Named(name), Happened, outcome.Detail, _time.GetUtcNow(), leftOut => _audit.RecordAsync(Named(name), nameof(Role.Service), Happened, "refused", outcome.Detail + leftOut));
        return outcome;
    }

    /// <summary>Beside the line of the registration, so that it is seen where the release came from.</summary>
    private async Task<HookOutcome> DoneAsync(string name, HookOutcome outcome)
    {
        await _audit.RecordAsync(Named(name), nameof(Role.Service), Happened, "done", outcome.Detail);
        return outcome;
    }

    private static string Named(string name) => $"github/{name}";

    private sealed record Hook(GitHubHook Options, HubSignature Signature, SeenDeliveries Seen);
}
