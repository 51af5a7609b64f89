using System.Collections.Concurrent;
using System.Net;
using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Confirm;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Audit;
using OpsConsole.Web.Identity;

namespace OpsConsole.Web.Api.Hooks;

/// <summary>What is used of a call of Flagger.</summary>
/// <param name="Name">The Canary.</param>
/// <param name="Space">Its namespace.</param>
/// <param name="Token">The token in its metadata; empty where there is none.</param>
internal sealed record FlaggerCall(string Name, string Space, string Token);

/// <summary>Which hook was called.</summary>
internal sealed record FlaggerHook(string Target, string Environment, string Name, ConfirmQuestion Question);

/// <summary>An answer to Flagger.</summary>
/// <param name="Status">200 is a yes; every no is 400 or above.</param>
/// <param name="Sentence">Why.</param>
internal sealed record FlaggerAnswer(int Status, string Sentence);

/// <summary>Answers Flagger from the gate. What cannot be known is a no, and the audit has each answer that differs from the one before.</summary>
internal sealed class FlaggerHooks(ITargetRegistry targets, RolloutConfirmation confirmation, SignInAudit audit, TimeProvider time)
{
    /// <summary>Calls without the token that one address may make in a minute.</summary>
    internal const int ForgedFromOne = 60;

    /// <summary>Most answers that are remembered to tell whether the next one differs.</summary>
    private const int MostRemembered = 1000;

    private readonly AttemptLimit _forged = new(ForgedFromOne, int.MaxValue, TimeSpan.FromMinutes(1), time);
    private readonly RecordPace _pace = new();
    private readonly ConcurrentDictionary<(FlaggerHook Hook, string Service), (string? Version, bool IsYes)> _last = new();

    /// <summary>The target that asks; null where there is none, or where it is not answered.</summary>
    public IAskingTarget? Find(string target, string environment) =>
        targets.Find(target, environment)?.As<IAskingTarget>() is { IsAnswered: true } asking ? asking : null;

    /// <summary>Answers a call.</summary>
    public async Task<FlaggerAnswer> AskAsync(IAskingTarget asking, FlaggerHook hook, FlaggerCall call, IPAddress? from, CancellationToken cancellationToken)
    {
        // What others at the same address send wrongly never silences who has the token: a roll back may hang on it.
        if (!asking.Trusts(call.Token))
        {
            if (!_forged.TryTake(from))
            {
                return new(StatusCodes.Status429TooManyRequests, "Too many calls without the token came from there; wait a minute.");
            }

            return await RefusedAsync(hook, new(StatusCodes.Status401Unauthorized, "The metadata of the call has not the token of this target and environment."));
        }

        if (asking.ServiceOf(call.Space, call.Name) is not { } service)
        {
            return await RefusedAsync(hook, new(StatusCodes.Status409Conflict, $"{hook.Target} in {hook.Environment} has no Canary {PlainText.Of(call.Name)} in a namespace {PlainText.Of(call.Space)}."));
        }

        try
        {
            var version = await asking.VersionAsync(service, cancellationToken);
            var answer = await confirmation.AskAsync(hook.Question, service, hook.Target, hook.Environment, version, cancellationToken);
            await RecordAsync(hook, service, version, answer);
            return new(answer.IsYes ? StatusCodes.Status200OK : StatusCodes.Status409Conflict, answer.Sentence);
        }
        catch (TargetUnreachableException e)
        {
            return new(StatusCodes.Status503ServiceUnavailable, $"Which version is led up is not known: {e.Message}");
        }
        catch (RecordUnavailableException)
        {
            return new(StatusCodes.Status503ServiceUnavailable, "The record cannot be read now, so nothing is confirmed.");
        }
    }

    /// <summary>Flagger asks at every step, so only what differs from the answer before is put on record; that nothing is rolled back is the usual state.</summary>
    private async Task RecordAsync(FlaggerHook hook, string service, string? version, ConfirmAnswer answer)
    {
        var (key, now) = ((hook, service), (version, answer.IsYes));
        var had = _last.TryGetValue(key, out var before);
        if (had ? before == now : hook.Question == ConfirmQuestion.TakeBack && !answer.IsYes)
        {
            return;
        }

        if (_last.Count >= MostRemembered)
        {
            _last.Clear();
        }

        _last[key] = now;
        if (!await audit.RecordAsync(Named(hook), nameof(Role.Service), Happened(hook), answer.IsYes ? "done" : "refused", $"{service} in {hook.Environment}: {answer.Sentence}"))
        {
            _last.TryRemove(key, out _);
        }
    }

    private async Task<FlaggerAnswer> RefusedAsync(FlaggerHook hook, FlaggerAnswer answer)
    {
        await _pace.TellAsync(
            Named(hook), Happened(hook), answer.Sentence, time.GetUtcNow(), leftOut => audit.RecordAsync(Named(hook), nameof(Role.Service), Happened(hook), "refused", answer.Sentence + leftOut));
        return answer;
    }

    private static string Named(FlaggerHook hook) => $"flagger/{hook.Target}/{hook.Environment}";

    private static string Happened(FlaggerHook hook) => $"hook.{hook.Name}";
}
