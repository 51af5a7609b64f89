using System.Data.Common;
using System.Globalization;
using OpsConsole.Core.Signals;

namespace OpsConsole.Core.Sources.Sql;

/// <summary>Makes a reading of what a query came to: one row with the columns <c>value</c>, <c>count</c> and <c>at</c>, of which the first alone is needed.</summary>
internal static class SqlAnswer
{
    private const string NotFinite = "The value is not a finite number.";

    /// <summary>Reads the answer, at most two rows of it.</summary>
    public static async Task<SignalReading> ReadAsync(DbDataReader rows, CancellationToken cancellationToken)
    {
        if (Columns(rows, out var value, out var count, out var at) is { } fault)
        {
            return SignalReading.Error(fault);
        }

        if (!await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            return SignalReading.Missing("The query came to no row.", series: 0, points: 0);
        }

        SignalReading reading;
        try
        {
            reading = Row(rows, value, count, at);
        }
        catch (Exception e) when (e is OverflowException or InvalidCastException)
        {
            // How providers say that a number of the database has no place in one of ours: PostgreSQL's numeric may be NaN and infinite.
            reading = SignalReading.Error(NotFinite);
        }

        return await rows.ReadAsync(cancellationToken).ConfigureAwait(false)
            ? SignalReading.Error("The query came to several rows; it has to come to one.", series: 2)
            : reading;
    }

    private static string? Columns(DbDataReader rows, out int value, out int? count, out int? at)
    {
        (value, count, at) = (-1, null, null);
        if (rows.FieldCount == 1)
        {
            value = 0;
            return null;
        }

        for (var i = 0; i < rows.FieldCount; i++)
        {
            switch (rows.GetName(i).ToUpperInvariant())
            {
                case "VALUE" when value < 0:
                    value = i;
                    break;
                case "COUNT" when count is null:
                    count = i;
                    break;
                case "AT" when at is null:
                    at = i;
                    break;
                default:
                    return $"The query has {rows.FieldCount} columns, and one of them is named '{Cut(rows.GetName(i))}': value, count and at are known, once each.";
            }
        }

        return value < 0 ? "The query has no column named 'value'." : null;
    }

    private static SignalReading Row(DbDataReader row, int value, int? count, int? at)
    {
        if (row.IsDBNull(value))
        {
            return SignalReading.Missing("The query came to NULL.", series: 1, points: 0);
        }

        if (Number(row, value) is not { } number)
        {
            return SignalReading.Error($"The query's value is a {row.GetDataTypeName(value)}, not a number.");
        }

        if (count is { } counted && row.IsDBNull(counted))
        {
            return SignalReading.Missing("Nothing was counted: the query's count is NULL.", series: 1, points: 0);
        }

        var observed = count is { } column ? Number(row, column) : 1;
        if (observed is not { } observations || !double.IsInteger(observations) || Math.Abs(observations) > long.MaxValue / 2)
        {
            return SignalReading.Error("The query's count is not a whole number.");
        }

        if (observations == 0)
        {
            return SignalReading.Missing("Nothing was counted: the query's count is 0.", series: 1, points: 0);
        }

        DateTimeOffset? time = null;
        if (at is { } stated)
        {
            if (row.IsDBNull(stated))
            {
                return SignalReading.Missing("The query does not say of when its value is: 'at' is NULL.", series: 1, points: 0);
            }

            time = Time(row.GetValue(stated));
            if (time is null)
            {
                return SignalReading.Error($"The query's 'at' is a {row.GetDataTypeName(stated)}, not a point in time.");
            }
        }

        return SignalReading.Measured(number, (long)observations, time, series: 1, points: 1);
    }

    private static double? Number(DbDataReader row, int column)
    {
        var type = row.GetFieldType(column);
        return type == typeof(double) || type == typeof(float) || type == typeof(decimal) || type == typeof(long) || type == typeof(int) || type == typeof(short) || type == typeof(byte)
            ? Convert.ToDouble(row.GetValue(column), CultureInfo.InvariantCulture)
            : null;
    }

    /// <summary>A time without an offset is taken as UTC.</summary>
    private static DateTimeOffset? Time(object value) => value switch
    {
        DateTimeOffset time => time,
        DateTime { Kind: DateTimeKind.Local } time => new DateTimeOffset(time).ToUniversalTime(),
        DateTime time => new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)),
        _ => null,
    };

    private static string Cut(string name) => name.Length > 40 ? name[..40] + "…" : name;
}
