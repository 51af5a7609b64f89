using System.Globalization;

namespace OpsConsole.Tests.Web.Playground;

/// <summary>Reads one series of an exposition.</summary>
internal static class PrometheusValue
{
    /// <summary>The value of the series, or 0 when it is not there.</summary>
    public static double Read(string exposition, string series) =>
        exposition.Split('\n').FirstOrDefault(line => line.StartsWith(series + " ", StringComparison.Ordinal)) is { } found
            ? double.Parse(found[(series.Length + 1)..], CultureInfo.InvariantCulture)
            : 0;
}
