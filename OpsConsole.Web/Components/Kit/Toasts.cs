using Radzen;

namespace OpsConsole.Web.Components.Kit;

/// <summary>Short messages over the page, for what has come of something a person asked for.</summary>
public sealed class Toasts(NotificationService notifications)
{
    private const double ShownMilliseconds = 8000;

    /// <summary>Something is as it was asked for.</summary>
    public void Done(string sentence) => Show(NotificationSeverity.Success, sentence);

    /// <summary>Something is worth knowing and nothing is wrong.</summary>
    public void Tell(string sentence) => Show(NotificationSeverity.Info, sentence);

    /// <summary>Something did not come out as it was asked for.</summary>
    public void Warn(string sentence) => Show(NotificationSeverity.Error, sentence);

    private void Show(NotificationSeverity severity, string sentence) =>
        notifications.Notify(new NotificationMessage { Severity = severity, Summary = sentence, Duration = ShownMilliseconds });
}
