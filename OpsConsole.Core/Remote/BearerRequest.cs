using System.Net.Http.Headers;
using System.Text;
using OpsConsole.Core.Actions.Gate;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Remote;

/// <summary>Makes requests that a bearer token lets in (RFC 6750).</summary>
internal static class BearerRequest
{
    /// <summary>A request.</summary>
    /// <param name="method">The method.</param>
    /// <param name="address">The whole address.</param>
    /// <param name="token">The token.</param>
    /// <param name="body">What is sent; null: nothing.</param>
    /// <param name="type">The media type of what is sent.</param>
    /// <param name="accept">The media type that is wanted; null: whatever is given.</param>
    /// <exception cref="TargetUnreachableException">The token is none, so nothing can be asked.</exception>
    public static HttpRequestMessage Of(HttpMethod method, Uri address, string token, string? body = null, string type = "application/json", string? accept = null)
    {
        if (SourceCredential.Fault(token) is { } fault)
        {
            throw new TargetUnreachableException($"The console's token {fault}.");
        }

        var request = new HttpRequestMessage(method, address) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, type) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (accept is not null)
        {
            request.Headers.Accept.ParseAdd(accept);
        }

        return request;
    }
}
