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
            if (await page.Locator("[data-chart]").CountAsync() > 0)
            {
                // Charts take the colours of the theme when they are drawn again.
                await Eventually.TrueAsync(async () => await page.EvaluateAsync<bool>(
                    "dark => [...document.querySelectorAll('[data-chart]')].slice(0, 4).every(c => c.shadowRoot?.querySelector('.apexcharts-line-series path') && c.shadowRoot.querySelector('.apexcharts-theme-dark, .apexcharts-theme-light')?.classList.contains(dark ? 'apexcharts-theme-dark' : 'apexcharts-theme-light') !== false)",
                    dark));
            }

            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{(dark ? "dark" : "light")}.png") });
        }
    }
}
