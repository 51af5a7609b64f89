using Microsoft.AspNetCore.Diagnostics;
using OpsConsole.Core.Audit;

namespace OpsConsole.Web.Operations;

/// <summary>What a caller is told when a request fails: plain words and a number to find it in the log by, never the inside of the console.</summary>
internal static class Failure
{
    private static readonly string[] ForMachines = ["/api", "/ofrep", "/openapi", "/hubs", "/_blazor", "/health", "/metrics"];

    /// <summary>True for what is the caller's fault alone: it is answered, and fills no log.</summary>
    public static bool IsTheCallers(Exception exception) => exception is BadHttpRequestException;

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
            BadHttpRequestException bad => Words(bad.StatusCode),
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
        if (http.Response.StatusCode == StatusCodes.Status404NotFound && HttpMethods.IsGet(http.Request.Method) && IsForPeople(http.Request))
        {
            return ShowPageAsync(context, "/not-found");
        }

        var (status, title, detail) = Words(http.Response.StatusCode);
        return DescribeAsync(http, status, title, detail);
    }

    /// <summary>What a status means, in the console's own words: those of the framework name parameters and types.</summary>
    private static (int Status, string Title, string Detail) Words(int status)
    {
        var (title, detail) = status switch
        {
            401 => ("Not signed in", "Sign in, or send a service token as 'Authorization: Bearer <token>'."),
            403 => ("Not allowed", "Your role may not do this."),
            404 => ("Not found", "There is nothing at this address."),
            405 => ("Method not allowed", "This address does not take that method."),
            413 => ("Too large", "The body is larger than this address takes."),
            415 => ("Media type not supported", "Send the body as the media type that the API document names."),
            400 => ("Bad request", "The request cannot be understood: its address, a header or its body is malformed."),
            408 => ("Too slow", "The request did not come in time."),
            414 => ("Too long", "The address is longer than the console reads."),
            429 => ("Too many requests", "You ask more often than the console answers."),
            431 => ("Too large", "The headers are larger than the console reads."),
            var other => ("Answer " + other, "The request was not carried out."),
        };
        return (status, title, detail);
    }

    /// <summary>A browser at an address of programs gets what programs get.</summary>
    private static bool IsForPeople(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
        && !ForMachines.Any(p => request.Path.StartsWithSegments(p, StringComparison.OrdinalIgnoreCase));

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

    /// <summary>Answers with a problem for programs, or a line of text for people.</summary>
    public static Task DescribeAsync(HttpContext context, int status, string title, string detail)
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
