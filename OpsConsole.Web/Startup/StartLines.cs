using System.Text.Encodings.Web;
using System.Text.Json;

namespace OpsConsole.Web.Startup;

/// <summary>Writes why the console cannot start: sentences for people, or objects like those of the log for whoever collects it.</summary>
internal sealed class StartLines(TextWriter output)
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.Default };

    /// <summary>True where the log is JSON.</summary>
    public bool AsJson { get; set; }

    public Task WriteAsync(string sentence) => output.WriteLineAsync(
        AsJson
            ? JsonSerializer.Serialize(new { Timestamp = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", null), EventId = 0, LogLevel = nameof(LogLevel.Critical), Category = typeof(StartFailure).FullName, Message = sentence }, Json)
            : sentence.ReplaceLineEndings(" "));
}
