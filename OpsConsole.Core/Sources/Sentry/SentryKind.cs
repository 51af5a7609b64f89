using System.Globalization;
using OpsConsole.Core.Connections;
using OpsConsole.Core.Remote;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Sources.Sentry;

/// <summary>Release health as Sentry keeps it.</summary>
public static class SentryKind
{
    /// <summary>Name of this kind of source in a binding.</summary>
    public const string Name = "sentry";

    internal const string Organization = "Organization", Project = "Project", Environment = "SentryEnvironment", Release = "Release";
    internal const string Token = "Token", StepMinutes = "StepMinutes", LeastSessions = "LeastSessions", LeastUsers = "LeastUsers";
    internal const string CrashFreeSessions = "crash_free_sessions", CrashFreeUsers = "crash_free_users", Sessions = "sessions", Users = "users";
    internal const string SessionAdoption = "session_adoption", UserAdoption = "user_adoption";

    /// <summary>Time that a measure is taken over where its rule does not say.</summary>
    internal static readonly TimeSpan DefaultWindow = TimeSpan.FromHours(1);

    /// <summary>Time that adoption is taken over, as Sentry defines it.</summary>
    internal static readonly TimeSpan AdoptionWindow = TimeSpan.FromHours(24);

    /// <summary>This kind of source, for a catalog.</summary>
    public static SourceKind Kind(RemoteConnections connections)
    {
        ArgumentNullException.ThrowIfNull(connections);
        return new(Name, Faults, binding => new SentrySource(binding, connections))
        {
            DefaultAddress = new Uri("https://sentry.io"),
            Settings =
            [
                new(Organization, "The organization's slug or id."),
                new(Project, "The project's slug or id."),
                new(Environment, "What the environment is called in Sentry; left out: as the binding's.", IsRequired: false),
                new(Release, "What a release is called in Sentry, with $version where the version stands: shop@$version.", Default: SourceBinding.VersionPlace),
                new(Token, "An auth token of an internal integration with the scope org:read, and nothing else.", SettingForm.Secret),
                new(LeastSessions, "Fewest sessions for which there is a value.", Default: "100"),
                new(LeastUsers, "Fewest users for which there is a value of users.", Default: "50"),
                new(StepMinutes, "Minutes of one step of what Sentry counts, a part of a day; 60 for a Sentry that takes no finer one.", Default: "5"),
            ],
            TellsVersions = true,
            Measures =
            [
                new(CrashFreeSessions, SignalUnit.Percent, "Sessions of the release that did not end in a crash; errored and abnormal ones are crash-free."),
                new(CrashFreeUsers, SignalUnit.Percent, "Users of the release without any crash."),
                new(Sessions, SignalUnit.Count, "Sessions of the release that were begun."),
                new(Users, SignalUnit.Count, "Users of the release, each once; Sentry estimates them."),
                new(SessionAdoption, SignalUnit.Percent, "Sessions of the release among all of the project and environment, over 24 h."),
                new(UserAdoption, SignalUnit.Percent, "Users of the release among all of the project and environment, over 24 h."),
            ],
            UsualDelay = static (binding, rule) => SessionsStep.Of(binding.Settings[StepMinutes]) is { } step ? SessionsStep.For(WindowOf(rule), step) ?? step : TimeSpan.Zero,
            ShortestInterval = TimeSpan.FromSeconds(15),
            DefaultInterval = TimeSpan.FromMinutes(1),
            DefaultTimeout = TimeSpan.FromSeconds(10),
        };
    }

    /// <summary>True for what compares a release with its whole project.</summary>
    internal static bool IsAdoption(SignalRule rule) => rule.Numerator is SessionAdoption or UserAdoption;

    /// <summary>Time that a rule's measure is taken over.</summary>
    internal static TimeSpan WindowOf(SignalRule rule) => IsAdoption(rule) ? AdoptionWindow : rule.Window > TimeSpan.Zero ? rule.Window : DefaultWindow;

    private static IEnumerable<string> Faults(SourceBinding binding)
    {
        foreach (var number in new[] { LeastSessions, LeastUsers })
        {
            if (!(long.TryParse(binding.Settings[number], NumberStyles.None, CultureInfo.InvariantCulture, out var least) && least is >= 1 and <= 1_000_000_000))
            {
                yield return $"{number} is no whole number from 1 to 1,000,000,000";
            }
        }

        if (binding.VersionFault(Release) is { } fault)
        {
            yield return fault;
        }

        if (SessionsStep.Of(binding.Settings[StepMinutes]) is not { } step)
        {
            yield return $"{StepMinutes} is not {SessionsStep.Form}";
            yield break;
        }

        foreach (var rule in binding.Rules)
        {
            if (IsAdoption(rule) && rule.Window != TimeSpan.Zero && rule.Window != AdoptionWindow)
            {
                yield return $"signal '{rule.Signal}': adoption is over 24 h as Sentry defines it, so it takes no other window";
            }
            else if (SessionsStep.For(WindowOf(rule), step) is null)
            {
                yield return $"signal '{rule.Signal}': the window has to be a multiple of {step.TotalMinutes:0} min, or of a longer step that a day is a multiple of";
            }
        }
    }
}
