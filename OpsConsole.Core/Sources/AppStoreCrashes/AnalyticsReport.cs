using System.Globalization;
using System.IO.Compression;
using System.Text;
using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Sources.AppStoreCrashes;

/// <summary>What a report says of one version on one day.</summary>
/// <param name="Events">Crashes, or sessions.</param>
/// <param name="Devices">Devices that they were on, as each row counts them.</param>
internal readonly record struct ReportedDay(long Events, long Devices);

/// <summary>A file of one of Apple's Analytics Reports: compressed lines of fields between tabs, the first of which names them.</summary>
/// <remarks>See https://developer.apple.com/documentation/analytics-reports/app-crashes and .../app-sessions for the fields.</remarks>
internal static class AnalyticsReport
{
    /// <summary>Longest file, unpacked, in bytes.</summary>
    public const int MostUnpacked = 128 * 1024 * 1024;

    private const int MostDays = 400;
    private const int LongestLine = 16 * 1024;

    /// <summary>Adds what a file says of one version to what is known of its days. A day of which the file has rows of other versions alone is one on which this version had nothing.</summary>
    /// <param name="file">The file as it is sent.</param>
    /// <param name="version">The version as people read it in the store.</param>
    /// <param name="events">The field that counts.</param>
    /// <param name="days">Is added to.</param>
    /// <param name="cancellationToken">Gives up between two lines.</param>
    /// <exception cref="TargetUnreachableException">It is something else, or too long.</exception>
    public static void Add(byte[] file, string version, string events, Dictionary<DateOnly, ReportedDay> days, CancellationToken cancellationToken)
    {
        try
        {
            using var packed = new MemoryStream(file, writable: false);
            using var unpacked = new GZipStream(packed, CompressionMode.Decompress);
            using var reader = new StreamReader(unpacked, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
            Add(new Lines(reader), version, events, days, cancellationToken);
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or OverflowException or DecoderFallbackException)
        {
            throw new TargetUnreachableException("Apple's report is no file of compressed lines with the fields that it describes.", e);
        }
    }

    private static void Add(Lines lines, string version, string events, Dictionary<DateOnly, ReportedDay> days, CancellationToken cancellationToken)
    {
        var fields = lines.Next()?.Split('\t') ?? throw new FormatException();
        int Field(string name) => Array.IndexOf(fields, name) is var at and >= 0 ? at : throw new FormatException();
        var (date, of, count, devices) = (Field("Date"), Field("App Version"), Field(events), Field("Unique Devices"));
        while (lines.Next() is { } line)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (line.Length == 0)
            {
                continue;
            }

            var row = line.Split('\t');
            if (row.Length != fields.Length)
            {
                throw new FormatException();
            }

            var day = DateOnly.ParseExact(row[date], "yyyy-MM-dd", CultureInfo.InvariantCulture);
            var known = days.GetValueOrDefault(day);
            days[day] = row[of] == version ? new(checked(known.Events + Number(row[count])), checked(known.Devices + Number(row[devices]))) : known;
            if (days.Count > MostDays)
            {
                throw new FormatException();
            }
        }
    }

    private static long Number(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>Lines of at most <see cref="LongestLine"/> characters, and of at most <see cref="MostUnpacked"/> bytes in all.</summary>
    private sealed class Lines(TextReader reader)
    {
        private readonly StringBuilder _line = new();
        private long _read;

        /// <summary>The next line; null at the end.</summary>
        public string? Next()
        {
            _line.Clear();
            int character;
            while ((character = reader.Read()) >= 0)
            {
                if (++_read > MostUnpacked)
                {
                    throw new TargetUnreachableException($"Apple's report is longer than {MostUnpacked / 1024 / 1024} MiB.");
                }

                if (character == '\n')
                {
                    break;
                }

                _line.Append((char)character);
                if (_line.Length > LongestLine)
                {
                    throw new FormatException();
                }
            }

            return character < 0 && _line.Length == 0 ? null : _line.ToString().TrimEnd('\r');
        }
    }
}
