using System.Globalization;
using OpsConsole.Core.Remote.Outbound;

namespace OpsConsole.Core.Sources.PrometheusText;

/// <summary>An answer that is refused before it is looked into. The message is a sentence for people.</summary>
internal sealed class SourceAnswerException(string sentence) : Exception(sentence);

/// <summary>Why a source could not be read, in one sentence without addresses, headers or anything else that may be secret.</summary>
internal static class SourceFailure
{
    /// <summary>Null when the exception is not the source's doing.</summary>
    public static string? Describe(Exception exception, TimeSpan timeout) => exception switch
    {
        OperationCanceledException => string.Create(CultureInfo.InvariantCulture, $"The source did not answer within {timeout.TotalSeconds:0.###} s."),
        ExpositionException e => $"The source's text is not in the exposition format: {e.Message}.",
        SourceAnswerException e => e.Message,
        InvalidDataException => "The source's answer is compressed and damaged.",
        HttpRequestException { InnerException: OutboundRefusedException e } => e.Message,
        HttpRequestException e => e.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => "The source's host name is not known.",
            HttpRequestError.ConnectionError => "The source does not accept connections.",
            HttpRequestError.SecureConnectionError => "The source's certificate or encryption is not accepted.",
            HttpRequestError.ConfigurationLimitExceeded => "The source's answer has too many or too long headers.",
            HttpRequestError.ResponseEnded => "The source ended its answer too early.",
            _ => "The source's answer is not proper HTTP.",
        },
        HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } => "The source ended its answer too early.",
        IOException => "The connection to the source broke.",
        _ => null,
    };
}
