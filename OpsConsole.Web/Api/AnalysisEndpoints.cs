using Microsoft.AspNetCore.Mvc;
using OpsConsole.Core.Access;
using OpsConsole.Core.Policies.Judging;
using OpsConsole.Web.Api.Analysis;
using OpsConsole.Web.Identity;
using OpsConsole.Web.Operations.Edge;

namespace OpsConsole.Web.Api;

/// <summary>The judge over numbers that the caller brings (docs/canary-analysis.md). Nothing is kept.</summary>
internal static class AnalysisEndpoints
{
    /// <summary>Longest body, in bytes.</summary>
    public const int MostBytes = 16 * 1024 * 1024;

    public static void MapAnalysis(this IEndpointRouteBuilder v1)
    {
        ArgumentNullException.ThrowIfNull(v1);
        v1.MapPost("analysis/judge", JudgeAsync)
            .RequirePermission(Permission.BoardRead).TakesLong()
            .DisableAntiforgery()

            // One byte more than is read, so that a longer body is refused in words.
            .WithMetadata(new RequestSizeLimitAttribute(MostBytes + 1))
            .WithTags("Analysis").WithName("judgeAnalysis").WithSummary("Judge metrics of a canary against its baseline")
            .WithDescription(
                "Each metric is compared by the Mann-Whitney test; the answer has the interval of the shift, the label with the sentence that explains it, "
                + "the score of each group and the whole, and the verdict. At most 200 metrics, 100,000 points a side and 16 MiB. Nothing is kept.")
            .Accepts<JudgeRequest>("application/json")
            .Produces<JudgeAnswer>()
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);
    }

    private static async Task<IResult> JudgeAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var (request, problem) = await JsonBody.ReadAsync<JudgeRequest>(context, MostBytes, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        var check = JudgeCheck.Of(request!);
        if (check.Faults.Count > 0)
        {
            return Results.ValidationProblem(
                check.Faults.GroupBy(f => f.Path).ToDictionary(g => g.Key, g => g.Select(f => f.Reason).ToArray()),
                title: "The metrics cannot be judged",
                detail: string.Join(" ", check.Faults.Select(f => $"{f.Path} {f.Reason}.")));
        }

        var results = new List<MetricResult>(check.Metrics.Count);
        foreach (var metric in check.Metrics)
        {
            cancellationToken.ThrowIfCancellationRequested();
            results.Add(MetricJudge.Judge(metric.Rules, metric.Canary, metric.Baseline));
        }

        return Results.Ok(JudgeAnswer.From(CanaryJudge.Report(results, check.Weights, check.Thresholds)));
    }
}
