using System.Net.Http.Headers;
using System.Text.Json;
using OpsConsole.Core.Remote;

namespace OpsConsole.Core.Targets.Aws;

/// <summary>Asks one service of AWS by the JSON protocol 1.1: every operation is a POST to <c>/</c> that its header names.</summary>
internal sealed class AwsJson
{
    private readonly RemoteHttp _http;
    private readonly AwsSigner _signer;
    private readonly Uri _api;
    private readonly string _operations;
    private readonly TimeProvider _time;

    /// <param name="settings">How it is reached.</param>
    /// <param name="connections">Makes the connection.</param>
    /// <param name="title">Its name at the head of a sentence.</param>
    /// <param name="service">Its name in a signature.</param>
    /// <param name="operations">What stands before the name of an operation in <c>X-Amz-Target</c>.</param>
    public AwsJson(TargetSettings settings, RemoteConnections connections, string title, string service, string operations)
    {
        _http = connections.Connect(settings, title, AwsErrors.Words, busy: AwsErrors.IsThrottled);
        _signer = AwsSettings.Signer(settings, service);
        (_api, _operations, _time) = (settings.Address(AwsSettings.Api), operations, connections.Time);
    }

    /// <summary>Reads something.</summary>
    /// <param name="operation">The operation's name.</param>
    /// <param name="input">What goes with it, named as the API names it.</param>
    /// <param name="take">Takes what is wanted out of the answer; null where it is not what was expected.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OpsConsole.Core.Actions.Gate.TargetUnreachableException">It could not be read, or was something else.</exception>
    public Task<T> ReadAsync<T>(string operation, object input, Func<JsonElement, T?> take, CancellationToken cancellationToken)
        where T : class => _http.ReadJsonAsync(() => Request(operation, input), take, cancellationToken);

    /// <summary>Reads something that may not be there.</summary>
    /// <param name="operation">The operation's name.</param>
    /// <param name="input">What goes with it, named as the API names it.</param>
    /// <param name="take">Takes what is wanted out of the answer; null where it is not what was expected.</param>
    /// <param name="none">Whether an answer says that it is not there; null is given then.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OpsConsole.Core.Actions.Gate.TargetUnreachableException">It could not be read, or was something else.</exception>
    public async Task<T?> ReadAnyAsync<T>(string operation, object input, Func<JsonElement, T?> take, Func<RemoteAnswer, bool> none, CancellationToken cancellationToken)
        where T : class
    {
        var answer = await _http.ReadAsync(() => Request(operation, input), cancellationToken).ConfigureAwait(false);
        return none(answer) ? null : _http.TakeRead(answer, take);
    }

    /// <summary>Asks for a change, and gives the answer whatever it is.</summary>
    public Task<RemoteAnswer> AskAsync(string operation, object input, CancellationToken cancellationToken) => _http.ChangeAsync(() => Request(operation, input), cancellationToken);

    /// <inheritdoc cref="RemoteHttp.Accept"/>
    public void Accept(RemoteAnswer answer) => _http.Accept(answer);

    private HttpRequestMessage Request(string operation, object input)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(input);
        var request = new HttpRequestMessage(HttpMethod.Post, _api) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-amz-json-1.1");
        request.Headers.TryAddWithoutValidation("X-Amz-Target", $"{_operations}.{operation}");
        _signer.Sign(request, body, _time.GetUtcNow());
        return request;
    }
}
