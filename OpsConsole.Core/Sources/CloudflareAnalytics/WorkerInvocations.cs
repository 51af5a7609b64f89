using System.Globalization;
using System.Text.Json;
using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Sources.CloudflareAnalytics;

/// <summary>What Cloudflare counted of one version of a Worker over a time.</summary>
/// <param name="Requests">Invocations, estimated from the sample.</param>
/// <param name="Errors">Those that failed, likewise.</param>
/// <param name="SampleInterval">How many invocations each one of the sample stands for, 1 or more.</param>
/// <param name="Quantiles">Times in microseconds, by the API's names of them.</param>
/// <param name="Newest">When the newest invocation began; null where there is none.</param>
internal sealed record WorkerInvocations(long Requests, long Errors, double SampleInterval, IReadOnlyDictionary<string, double?> Quantiles, DateTimeOffset? Newest)
{
    /// <summary>Quantiles that are asked for, as the API names them.</summary>
    public static readonly string[] QuantileFields = ["cpuTimeP50", "cpuTimeP99", "wallTimeP50", "wallTimeP99"];

    /// <summary>One row of the version's invocations, and the time of its newest.</summary>
    public static readonly string Query = $$"""
        query WorkerVersion($account: string!, $script: string!, $version: string!, $from: Time!, $to: Time!) {
          viewer {
            accounts(filter: { accountTag: $account }) {
              counted: workersInvocationsAdaptive(limit: 2, filter: { scriptName: $script, scriptVersion: $version, datetime_geq: $from, datetime_lt: $to }) {
                dimensions { scriptVersion }
                sum { requests errors }
                avg { sampleInterval }
                quantiles { {{string.Join(' ', QuantileFields)}} }
              }
              newest: workersInvocationsAdaptive(limit: 1, orderBy: [datetime_DESC], filter: { scriptName: $script, scriptVersion: $version, datetime_geq: $from, datetime_lt: $to }) {
                dimensions { datetime }
              }
            }
          }
        }
        """;

    private static readonly WorkerInvocations None = new(0, 0, 1, new Dictionary<string, double?>(), null);

    /// <summary>How many invocations were looked at: what stands behind the estimates.</summary>
    public long Sampled => Requests == 0 ? 0 : Math.Max(1, (long)Math.Round(Requests / SampleInterval));

    /// <summary>Reads the answer to <see cref="Query"/>; null where it is something else.</summary>
    /// <param name="answer">The whole answer.</param>
    /// <param name="version">Id of the version that was asked for.</param>
    /// <exception cref="TargetUnreachableException">The account is not shown, or there are several rows, so that none of them is what was asked for.</exception>
    public static WorkerInvocations? Read(JsonElement answer, string version)
    {
        if (answer.TryGetProperty("errors", out var errors) && errors.ValueKind != JsonValueKind.Null && errors.GetArrayLength() > 0)
        {
            return null;
        }

        var accounts = answer.GetProperty("data").GetProperty("viewer").GetProperty("accounts");
        if (accounts.GetArrayLength() == 0)
        {
            throw new TargetUnreachableException("Cloudflare shows no such account to the console: check the account's id, and whose token it is.");
        }

        var rows = accounts[0].GetProperty("counted");
        if (rows.GetArrayLength() is var several and > 1)
        {
            throw new TargetUnreachableException(string.Create(CultureInfo.InvariantCulture, $"Cloudflare answered with {several:N0} rows where one version was asked for."));
        }

        if (rows.GetArrayLength() == 0)
        {
            return None;
        }

        var (row, newest) = (rows[0], accounts[0].GetProperty("newest"));
        if (row.GetProperty("dimensions").GetProperty("scriptVersion").GetString() != version)
        {
            return null;
        }

        var quantiles = row.GetProperty("quantiles");
        return new(
            Count(row.GetProperty("sum").GetProperty("requests")),
            Count(row.GetProperty("sum").GetProperty("errors")),
            Math.Max(1, row.GetProperty("avg").GetProperty("sampleInterval").GetDouble()),
            QuantileFields.ToDictionary(static f => f, f => quantiles.GetProperty(f) is { ValueKind: JsonValueKind.Number } time ? time.GetDouble() : (double?)null),
            newest.GetArrayLength() == 0 ? null : newest[0].GetProperty("dimensions").GetProperty("datetime").GetDateTimeOffset());
    }

    private static long Count(JsonElement count) => count.GetDouble() is >= 0 and <= 1e15 and var number ? (long)Math.Round(number) : throw new FormatException("It is no count.");
}
