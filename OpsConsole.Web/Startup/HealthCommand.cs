namespace OpsConsole.Web.Startup;

/// <summary><c>health</c> on the command line: asks a running console whether it is ready, for platforms that look after it and have no HTTP client at hand.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public static bool Is(string[] args) => args is ["health", ..];

    /// <summary>0: ready; 1: not ready or not there.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        if (args is not ["health", var text] || !Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            await errors.WriteLineAsync("health ADDRESS              ask the console at that address, such as http://127.0.0.1:5080, whether it is ready; ends with 0 when it is, else with 1");
            return 1;
        }

        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = Limit };
        try
        {
            using var answer = await http.GetAsync(new Uri(address, "/health/ready"));
            await output.WriteLineAsync(await answer.Content.ReadAsStringAsync());
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            await errors.WriteLineAsync($"The console does not answer: {e.Message}");
            return 1;
        }
    }
}
