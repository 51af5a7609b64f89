using System.Diagnostics;

namespace OpsConsole.Web.Operations;

/// <summary>Writes every problem in the same form, with a number to find it in the log by, whatever media type the caller says to want: a refusal that is not told helps nobody.</summary>
internal sealed class Problems : IProblemDetailsWriter
{
    private const string MediaType = "application/problem+json";
    private const string TraceId = "traceId";

    public bool CanWrite(ProblemDetailsContext context) => true;

    public ValueTask WriteAsync(ProblemDetailsContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (http, problem) = (context.HttpContext, context.ProblemDetails);
        problem.Status ??= http.Response.StatusCode;
        problem.Title ??= "The request was not carried out";
        problem.Extensions.TryAdd(TraceId, Activity.Current?.Id ?? http.TraceIdentifier);
        return new(http.Response.WriteAsJsonAsync(problem, problem.GetType(), options: null, contentType: MediaType, http.RequestAborted));
    }
}
