using Microsoft.Playwright;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Browser;

/// <summary>The pictures in the README. Made on every run; kept in docs/images where OPSCONSOLE_SCREENSHOTS=1, so that a test run leaves the sources as they are.</summary>
internal static class Screenshots
{
    public static async Task TakeAsync(IPage page, string name)
    {
        var folder = Environment.GetEnvironmentVariable("OPSCONSOLE_SCREENSHOTS") == "1"
            ? Path.Combine(Repository.Root, "docs", "images")
            : Path.Combine(Path.GetTempPath(), "opsconsole-screenshots");
        foreach (var dark in (bool[])[true, false])
        {
            await page.EmulateMediaAsync(new() { ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light });
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{(dark ? "dark" : "light")}.png") });
        }
    }
}
