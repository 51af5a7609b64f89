using System.Text.Json;

namespace OpsConsole.Web.Api.Hooks;

/// <summary>What a delivery of GitHub says of a deployment.</summary>
internal sealed record GitHubDeployed
{
    public const string Deployment = "deployment", Status = "deployment_status";

    /// <summary>States after which nothing is left that could become a release.</summary>
    private static readonly string[] Ended = ["failure", "error", "inactive"];

    /// <summary><c>owner/name</c>.</summary>
    public required string Repository { get; init; }

    /// <summary>Where the repository is looked at.</summary>
    public required string Address { get; init; }

    /// <summary>The deployment's own address at GitHub's API: the same in all that is told of it, and of no other.</summary>
    public required string Identity { get; init; }

    public required string Task { get; init; }

    public required string Environment { get; init; }

    /// <summary>Branch, tag or commit that it was made from.</summary>
    public required string Ref { get; init; }

    public required string Sha { get; init; }

    /// <summary>When it was made, by GitHub's clock.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When what is told happened, by GitHub's clock.</summary>
    public required DateTimeOffset ToldAt { get; init; }

    /// <summary>The state that it came to; null where it was made only now.</summary>
    public string? State { get; init; }

    /// <summary>What it carries for the console, under <c>opsconsole</c>; null where nothing.</summary>
    public JsonElement? Own { get; init; }

    /// <summary>True where it came to an end that leaves nothing to release.</summary>
    public bool HasEnded => State is not null && Ended.Contains(State, StringComparer.Ordinal);

    /// <summary>Reads a body as GitHub writes it. What else it says is not looked at.</summary>
    /// <param name="happened">The event: <see cref="Deployment"/> or <see cref="Status"/>.</param>
    /// <param name="body">The body.</param>
    /// <exception cref="FormatException">It is something else.</exception>
    public static GitHubDeployed Read(string happened, JsonElement body)
    {
        try
        {
            var (deployment, repository) = (body.GetProperty("deployment"), body.GetProperty("repository"));
            var createdAt = deployment.GetProperty("created_at").GetDateTimeOffset();
            JsonElement? status = happened == Status ? body.GetProperty("deployment_status") : null;
            return new GitHubDeployed
            {
                Repository = Text(repository, "full_name"),
                Address = Text(repository, "html_url"),
                Identity = Text(deployment, "url"),
                Task = Text(deployment, "task"),
                Environment = Text(deployment, "environment"),
                Ref = Text(deployment, "ref"),
                Sha = Text(deployment, "sha"),
                CreatedAt = createdAt,
                ToldAt = status?.GetProperty("created_at").GetDateTimeOffset() ?? createdAt,
                State = status is { } of ? Text(of, "state") : null,
                Own = Payload(deployment.GetProperty("payload")),
            };
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException or JsonException)
        {
            throw new FormatException("The body is not that of a deployment.", e);
        }
    }

    /// <summary>It is an object, or a text with one in it, as whoever made the deployment sent it.</summary>
    private static JsonElement? Payload(JsonElement payload)
    {
        if (payload.ValueKind == JsonValueKind.String)
        {
            if (payload.GetString()!.AsSpan().TrimStart() is not ['{', ..])
            {
                return null;
            }

            try
            {
                using var inner = JsonDocument.Parse(payload.GetString()!);
                return inner.RootElement.ValueKind == JsonValueKind.Object ? Payload(inner.RootElement.Clone()) : null;
            }
            catch (JsonException)
            {
                return null; // Whatever it is to somebody else, it says nothing to the console.
            }
        }

        return payload.ValueKind == JsonValueKind.Object && payload.TryGetProperty("opsconsole", out var own) ? own.Clone() : null;
    }

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString() ?? throw new FormatException($"{name} is missing.");
}
