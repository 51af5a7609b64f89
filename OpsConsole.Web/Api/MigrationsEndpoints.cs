using System.Text;
using Microsoft.Net.Http.Headers;
using OpsConsole.Core.Access;
using OpsConsole.Core.Gates.Migrations;
using OpsConsole.Web.Api.Push;
using OpsConsole.Web.Identity;
using OpsConsole.Web.Operations.Edge;

namespace OpsConsole.Web.Api;

/// <summary>Where a team tries what the console says of a migration script. Nothing is kept.</summary>
internal static class MigrationsEndpoints
{
    /// <summary>Longest body, in bytes; a script of the greatest length fits where it is plain ASCII.</summary>
    public const int MaxBytes = MigrationLimits.MaxCharacters;

    private const int NewestVersion = 99;

    public static void MapMigrations(this IEndpointRouteBuilder v1)
    {
        ArgumentNullException.ThrowIfNull(v1);
        v1.MapPost("migrations/check", CheckAsync)
            .RequirePermission(Permission.BoardRead).TakesLong()
            .DisableAntiforgery()
            .WithTags("Migrations").WithName("checkMigration").WithSummary("Judge a migration script: class, findings, and what it means for rolling back")
            .WithDescription("The body is SQL in UTF-8 of at most 1 MiB, as application/sql or text/plain. SQL that cannot be read is a finding of its own, and the answer is then not complete.")
            .WithQuery(
                ("dialect", "postgres, which is the default, or sqlserver.", ApiDescription.Named<SqlDialect>),
                ("version", "Major version of the server; a current one is presumed where it is left out.", () => ApiDescription.Number(0, 1, NewestVersion)),
                ("transaction", "true where the tool wraps the script into a transaction.", () => ApiDescription.Text))
            .Accepts<string>("application/sql", "text/plain")
            .Produces<MigrationReport>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);
    }

    private static async Task<IResult> CheckAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) || !IsTaken(type))
        {
            return Problem(StatusCodes.Status415UnsupportedMediaType, "Media type not supported", "Send the script as application/sql or text/plain, in UTF-8.");
        }

        if (ContentCoding.Refusal(context.Request) is { } refusal)
        {
            return refusal;
        }

        var (options, faults) = Options(context.Request.Query);
        if (faults.Count > 0)
        {
            return Results.ValidationProblem(faults, title: "The query cannot be understood");
        }

        using var body = await BoundedBody.ReadAsync(context.Request, MaxBytes, cancellationToken);
        if (body is null)
        {
            return Problem(StatusCodes.Status413PayloadTooLarge, "Too large", $"A script may have at most {MaxBytes} bytes; split it.");
        }

        try
        {
            var sql = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(body.Bytes);
            return Results.Ok(MigrationAnalysis.Of(sql, options));
        }
        catch (DecoderFallbackException)
        {
            return Problem(StatusCodes.Status400BadRequest, "The body cannot be read", "The script is not UTF-8.");
        }
    }

    private static (MigrationOptions Options, Dictionary<string, string[]> Faults) Options(IQueryCollection query)
    {
        var faults = new Dictionary<string, string[]>();
        var dialect = SqlDialect.Postgres;
        if (query.TryGetValue("dialect", out var text) && !(Enum.TryParse(text, ignoreCase: true, out dialect) && Enum.IsDefined(dialect) && !char.IsAsciiDigit(text.ToString()[0])))
        {
            faults["dialect"] = ["Must be postgres or sqlserver."];
        }

        int? version = null;
        if (query.TryGetValue("version", out var number))
        {
            version = int.TryParse(number, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var read) ? read : null;
            if (version is not (>= 1 and <= NewestVersion))
            {
                faults["version"] = [$"Must be a whole number from 1 to {NewestVersion}."];
            }
        }

        var wrapped = false;
        if (query.TryGetValue("transaction", out var flag) && !bool.TryParse(flag, out wrapped))
        {
            faults["transaction"] = ["Must be true or false."];
        }

        return (new MigrationOptions { Dialect = dialect, ServerVersion = version, AssumeInTransaction = wrapped }, faults);
    }

    private static bool IsTaken(MediaTypeHeaderValue type) =>
        (type.MediaType.Equals("application/sql", StringComparison.OrdinalIgnoreCase) || type.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase))
        && (!type.Charset.HasValue || type.Charset.Value.AsSpan().Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    private static IResult Problem(int status, string title, string detail) => Results.Problem(statusCode: status, title: title, detail: detail);
}
