using System.Net.Sockets;
using System.Security.Authentication;
using OpsConsole.Core.Remote.Outbound;

namespace OpsConsole.Core.Sources.HttpCheck;

/// <summary>What one run of a check came to.</summary>
/// <param name="Passed">Whether the answer was good; null when the console itself could not find out.</param>
/// <param name="Took">Time to the whole answer; null where there was none.</param>
/// <param name="Reason">Why it did not pass, one sentence.</param>
internal sealed record CheckOutcome(bool? Passed, TimeSpan? Took, string? Reason)
{
    public static CheckOutcome Good(TimeSpan took) => new(true, took, null);

    public static CheckOutcome Bad(string reason, TimeSpan? took = null) => new(false, took, reason);

    /// <summary>A fault on this side: it says nothing of the service, so it is neither a pass nor a failure.</summary>
    public static CheckOutcome Unknown(string reason) => new(null, null, reason);

    /// <summary>What a request that threw says; null when the exception is nobody's answer.</summary>
    public static CheckOutcome? Of(Exception exception) => exception switch
    {
        HttpRequestException { InnerException: SocketException { SocketErrorCode: var code } } when IsOwn(code) => Unknown("The console could not open a connection of its own."),
        HttpRequestException { InnerException: OutboundRefusedException e } => Unknown(e.Message),
        HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } => Unknown("The console's proxy did not let the request through."),
        HttpRequestException e => Bad(e.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => "The host name is not known.",
            HttpRequestError.ConnectionError => "The service does not accept connections.",
            HttpRequestError.SecureConnectionError => "The certificate or encryption is not accepted.",
            HttpRequestError.ConfigurationLimitExceeded => "The answer has too many or too long headers.",
            HttpRequestError.ResponseEnded => "The service ended its answer too early.",
            _ => "The answer is not proper HTTP.",
        }),
        HttpIOException or IOException => Bad("The connection broke in the middle of the answer."),
        InvalidDataException => Bad("The answer is compressed and damaged."),
        AuthenticationException => Bad("The certificate or encryption is not accepted."),
        _ => null,
    };

    private static bool IsOwn(SocketError code) => code is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable or SocketError.AddressNotAvailable
        or SocketError.NetworkDown or SocketError.AccessDenied or SocketError.ProcessLimit;
}
