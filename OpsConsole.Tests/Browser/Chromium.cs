using Microsoft.Playwright;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Browser;

/// <summary>A real Chromium from the system's packages, shared by the browser tests.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Install = "apt-get install -y chromium";
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (Places.FirstOrDefault(File.Exists) is not { } executable)
        {
            return;
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = executable,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--force-color-profile=srgb",
            ],
        });
    }

    /// <summary>A fresh profile. Without Chromium the test is skipped by name, or failed where CI says so.</summary>
    public async Task<IBrowserContext> NewContextAsync(int width = 1440, int height = 900, bool dark = false, bool anyCertificate = false)
    {
        if (_browser is null)
        {
            Assert.SkipUnless(Required.InContinuousIntegration, $"Chromium is not installed: {Install}");
            Assert.Fail($"Chromium is not installed: {Install}");
        }

        var context = await _browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
            IgnoreHTTPSErrors = anyCertificate,
        });
        context.SetDefaultTimeout(60_000);
        Assertions.SetDefaultExpectTimeout(60_000);
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
