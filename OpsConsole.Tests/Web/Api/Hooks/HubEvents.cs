using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace OpsConsole.Tests.Web.Api.Hooks;

/// <summary>Deliveries as GitHub writes and signs them.</summary>
internal static class HubEvents
{
    public const string Secret = "a secret of the hook for production", Sha = "f95f852bd8fca8fcc58a9a2d6c842781e32a215e";

    public static JsonObject Deployment(DateTimeOffset at, string @ref = "v2.15.0", string environment = "production", string repository = "acme/shop", JsonNode? payload = null, string task = "deploy", long id = 145988746) => new()
    {
        ["action"] = "created",
        ["deployment"] = new JsonObject
        {
            ["url"] = $"https://api.github.com/repos/{repository}/deployments/{id}", ["id"] = id, ["node_id"] = "MDEwOkRlcGxveW1lbnQxNDU5ODg3NDY=",
            ["sha"] = Sha, ["ref"] = @ref, ["task"] = task, ["payload"] = payload ?? new JsonObject(), ["original_environment"] = environment, ["environment"] = environment, ["description"] = null,
            ["creator"] = new JsonObject { ["login"] = "octocat", ["id"] = 21031067, ["type"] = "User" },
            ["created_at"] = Instant(at), ["updated_at"] = Instant(at),
            ["statuses_url"] = $"https://api.github.com/repos/{repository}/deployments/{id}/statuses", ["repository_url"] = $"https://api.github.com/repos/{repository}",
            ["transient_environment"] = false, ["production_environment"] = true, ["performed_via_github_app"] = null,
        },
        ["workflow"] = null,
        ["workflow_run"] = null,
        ["repository"] = new JsonObject { ["id"] = 186853002, ["name"] = repository.Split('/')[1], ["full_name"] = repository, ["private"] = true, ["html_url"] = $"https://github.com/{repository}" },
        ["sender"] = new JsonObject { ["login"] = "octocat", ["id"] = 21031067, ["type"] = "User" },
    };

    public static JsonObject Status(JsonObject deployment, DateTimeOffset at, string state)
    {
        var body = (JsonObject)deployment.DeepClone();
        body["deployment_status"] = new JsonObject
        {
            ["url"] = "https://api.github.com/repos/acme/shop/deployments/145988746/statuses/209916254", ["id"] = 209916254, ["node_id"] = "MDE2", ["state"] = state, ["description"] = "",
            ["environment"] = (string?)body["deployment"]!["environment"], ["target_url"] = "", ["created_at"] = Instant(at), ["updated_at"] = Instant(at),
        };
        return body;
    }

    public static byte[] Bytes(JsonNode body) => Encoding.UTF8.GetBytes(body.ToJsonString());

    public static string Sign(byte[] body, string secret = Secret) => "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
