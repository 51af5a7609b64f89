using Microsoft.AspNetCore.Diagnostics;
using OpsConsole.Core.Audit;

namespace OpsConsole.Web.Operations;

/// <summary>What a caller is told when a request fails: plain words and a number to find it in the log by, never the inside of the console.</summary>
internal static class Failure
{
    /// <summary>Answers a request that threw.</summary>
    public static Task AnswerAsync(HttpContext context)
    {
        var exception = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        var (status, title, detail) = exception switch
        {
            RecordUnavailableException => (
                StatusCodes.Status503ServiceUnavailable,
                "The record is away",
                "The database does not answer, so nothing was read or changed. The live board goes on; try again in a few seconds."),
            BadHttpRequestException bad => (bad.StatusCode, "The request cannot be read", bad.Message),
            _ => (
                StatusCodes.Status500InternalServerError,
                "The console failed",
                "This request could not be answered. Nothing more was done with it. Whoever runs the console finds it in the log by the trace id."),
        };
        return DescribeAsync(context, status, title, detail);
    }

    /// <summary>Gives an answer without a body one: a problem for programs, a line of text for people.</summary>
    public static Task DescribeStatusAsync(StatusCodeContext context)
    {
        var http = context.HttpContext;
        if (http.Response.StatusCode == StatusCodes.Status404NotFound && IsForPeople(http.Request))
        {
            return ShowPageAsync(context, "/not-found");
        }

        var (title, detail) = http.Response.StatusCode switch
        {
            404 => ("Not found", "There is nothing at this address."),
            405 => ("Method not allowed", "This address does not take that method."),
            413 => ("Too large", "The body is larger than this address takes."),
            415 => ("Media type not supported", "Send the body as the media type that the API document names."),
            400 => ("Bad request", "The request cannot be understood."),
            var other => ("Answer " + other, "The request was not carried out."),
        };
        return DescribeAsync(http, http.Response.StatusCode, title, detail);
    }

    private static bool IsForPeople(HttpRequest request) => request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    /// <summary>Answers with a page of the console in place of the address that was asked for; the status stays.</summary>
    private static async Task ShowPageAsync(StatusCodeContext context, string page)
    {
        var http = context.HttpContext;
        var asked = http.Request.Path;
        http.Features.Set<IStatusCodeReExecuteFeature>(new StatusCodeReExecuteFeature { OriginalPathBase = http.Request.PathBase, OriginalPath = asked, OriginalQueryString = http.Request.QueryString.Value });
        http.SetEndpoint(null);
        http.Request.RouteValues.Clear();
        http.Request.Path = page;
        try
        {
            await context.Next(http);
        }
        finally
        {
            http.Request.Path = asked;
        }
    }

    private static Task DescribeAsync(HttpContext context, int status, string title, string detail)
    {
        var trace = context.TraceIdentifier;
        if (IsForPeople(context.Request))
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "text/plain; charset=utf-8";
            return context.Response.WriteAsync($"{title}. {detail}\nTrace id {trace}\n");
        }

        return Results.Problem(
            statusCode: status,
            title: title,
            detail: detail,
            extensions: new Dictionary<string, object?> { ["traceId"] = trace }).ExecuteAsync(context);
    }
}
