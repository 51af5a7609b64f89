using System.Globalization;
using Microsoft.Playwright;

namespace OpsConsole.Tests.Browser;

/// <summary>A place with fields: where it is, what opens it, and what is typed into which field.</summary>
internal sealed record TypedPlace(string Path, params (string Selector, string Text)[] Fields)
{
    /// <summary>What has to be pressed before the fields are there.</summary>
    public Func<IPage, Task>? Open { get; init; }
}

/// <summary>Every text field of the console. A field that is missing here is found by <see cref="TypingTests"/>.</summary>
internal static class TypedFields
{
    private const string Sentence = "Errors since 12:40, p99 too";
    private const string Policy = "canary:\n  stages:\n    - traffic: 5%\n";

    /// <param name="release">Id of a release that can be rolled back.</param>
    public static IReadOnlyList<TypedPlace> All(string release) =>
    [
        new("/", ("#search", "shop gate")),
        new("/switches", ("#switch-find", "personal re"), ("#search", Sentence)),
        new("/switches", ("#switch-key", "typed-slowly"), ("#switch-owner", "commerce"), ("#switch-turns-off", Sentence)) { Open = page => page.ClickAsync("#new-switch summary") },
        new("/switches/personal-recommendations", ("#targeting-percent", "37.5"), ("[data-rule='1'] input >> nth=0", "testers of the shop"), ("[data-rule='1'] input >> nth=1", "12.5"), ("[data-rule='1'] input >> nth=2", "app.version"), ("[data-rule='1'] textarea", "one\ntwo\nthree"), ("#targeting-context", "{ \"targetingKey\": \"ada\" }"), ("#targeting-reason", Sentence))
        {
            Open = page => page.ClickAsync("#add-rule"),
        },
        new("/switches/clients", ("#client-name", "shop web"), ("#client-environment", "production")),
        new("/tokens", ("#token-name", "shop pipeline"), ("#token-environments", "production, staging"), ("#token-days", "45")),
        new("/tokens", ("#token-scope", "production:releases:halt\nproduction:board:read")) { Open = page => page.SelectOptionAsync("#token-preset", "") },
        new("/windows", ("#window-name", "office hours"), ("#window-service", "shop"), ("#window-target", "gateway"), ("#window-environment", "production"), ("#window-starts", "14:30"), ("#window-zone", "Europe/Berlin"), ("#window-hours", "7.5"), ("#window-from", "2027-03-01T08:15"), ("#window-to", "2027-12-24T18:30"), ("#window-reason", Sentence))
        {
            Open = page => page.CheckAsync("[data-day=Monday]"),
        },
        new("/policies/new", ("#policy-text", Policy), ("#policy-name", "typed-slowly"), ("#policy-note", Sentence)),
        new($"/replay?release={release}&left=text", ("#text-A", Policy)),
        new("/releases", ("input[name=from]", "2026-11-22"), ("input[name=to]", "2026-12-01"), ("input[name=q]", "shop 2"), ("input[name=service]", "shop"), ("input[name=target]", "gateway"), ("input[name=env]", "production"), ("input[name=owner]", "commerce")),
        new("/audit", ("input[name=from]", "2026-11-22"), ("input[name=to]", "2026-12-01"), ("input[name=actor]", "ada"), ("input[name=event]", "sign-in"), ("input[name=subject]", "release:shop")),
        new("/replay", ("input[name=q]", "shop 2")),
        new($"/releases/{release}", ("#action-reason", Sentence), ("#action-confirmation", "shop")) { Open = page => page.ClickAsync("[data-verb=rollback]:visible") },
        new("/windows", ("#end-dialog-reason", Sentence)) { Open = page => page.ClickAsync("[data-end]") },
    ];

    /// <summary>The keys for a value, part by part where the browser asks for it so.</summary>
    public static string KeysOf(string? kind, string value)
    {
        const string date = "MMddyyyy", time = "hhmmtt";
        return kind switch
        {
            "time" => TimeOnly.Parse(value, CultureInfo.InvariantCulture).ToString(time, CultureInfo.InvariantCulture),
            "date" => DateOnly.Parse(value, CultureInfo.InvariantCulture).ToString(date, CultureInfo.InvariantCulture),
            "datetime-local" => DateTime.Parse(value, CultureInfo.InvariantCulture).ToString($"{date}'\n'{time}", CultureInfo.InvariantCulture),
            _ => value,
        };
    }
}
