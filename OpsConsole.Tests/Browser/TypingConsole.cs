using System.Net.Http.Json;
using System.Text.Json;
using OpsConsole.Tests.Shared;

namespace OpsConsole.Tests.Browser;

/// <summary>A console with a release that can be rolled back, and that changes while people type.</summary>
public sealed class TypingConsole : IAsyncLifetime
{
    internal ConsoleProcess Console { get; } = new(playground: true);

    /// <summary>Id of the release.</summary>
    internal string Release { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        await Console.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(
            async () =>
            {
                var board = await Console.Http.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/board", UriKind.Relative));
                Release = board.GetProperty("releases").EnumerateArray().Where(r => r.GetProperty("service").GetString() == "shop" && r.GetProperty("phase").GetString() == "rollingOut").Select(r => r.GetProperty("id").GetString()).FirstOrDefault() ?? "";
                return Release.Length > 0;
            },
            TimeSpan.FromSeconds(120),
            () => "the shop's release did not begin");
        using var freeze = await Console.Http.PostAsJsonAsync(new Uri("/api/v1/windows", UriKind.Relative), new
        {
            name = "quiet hour", kind = "freeze", service = "nothing-there", from = "2026-01-01T00:00:00Z", to = "2035-01-01T00:00:00Z", reason = "so that there is one to be ended",
        });
        freeze.EnsureSuccessStatusCode();
    }

    public ValueTask DisposeAsync() => Console.DisposeAsync();
}
