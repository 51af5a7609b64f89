using System.Globalization;
using System.Xml;

namespace OpsConsole.Core.Gates.Evidence.Documents;

/// <summary>A suite of a report while it is read: what it declares, held against what it lists.</summary>
/// <remarks>An outer suite may count the tests of those within it or only its own. Its listed tests are all of them, and it declares at least what those within it do together, so that both are read right.</remarks>
internal sealed class JunitSuite(int depth, string key)
{
    private long _tests;
    private long _skips;
    private long _bad;
    private long _testsWithin;
    private long _skipsWithin;
    private long _badWithin;
    private long _missingWithin;

    public int Depth { get; } = depth;

    public string Key { get; } = key;

    /// <summary>Test runs listed in it and in the suites within it.</summary>
    public long Listed { get; private set; }

    /// <summary>Those of them that were skipped.</summary>
    public long ListedSkips { get; private set; }

    /// <summary>Tests that it declares, at least those that it can be shown to have.</summary>
    public long Tests => Math.Max(Math.Max(_tests, _testsWithin), Missing > 0 ? Listed + Missing : 0);

    /// <summary>Failures and errors that it declares.</summary>
    public long Bad => Math.Max(_bad, _badWithin);

    /// <summary>Tests that it declares and does not list. A report may leave out what was skipped.</summary>
    public long Missing => Math.Max(_missingWithin, _tests - Listed - Math.Max(0, Skips - ListedSkips));

    private long Skips => Math.Max(_skips, _skipsWithin);

    /// <summary>The suite that the reader is at.</summary>
    public static JunitSuite Of(XmlReader reader) => new(reader.Depth, string.Join('|', reader.Attribute("name"), reader.Attribute("hostname"), reader.Attribute("package")))
    {
        _tests = Number(reader, "tests"),
        _skips = Math.Max(Number(reader, "skipped"), Math.Max(Number(reader, "skip"), Math.Max(Number(reader, "skips"), Number(reader, "ignored")))) + Number(reader, "disabled"),
        _bad = Number(reader, "failures") + Number(reader, "errors"),
    };

    /// <summary>Takes in a test that it lists.</summary>
    public void Add(JunitTest test)
    {
        Listed++;
        ListedSkips += test is { Skipped: true, Failure: null } ? 1 : 0;
    }

    /// <summary>Takes in a suite within it that has ended.</summary>
    public void Add(JunitSuite within)
    {
        Listed += within.Listed;
        ListedSkips += within.ListedSkips;
        _testsWithin += within.Tests;
        _skipsWithin += within.Skips;
        _badWithin += within.Bad;
        _missingWithin += Math.Max(0, within.Missing);
    }

    /// <summary>A declared number; one that is beyond every count is the largest there is.</summary>
    private static long Number(XmlReader reader, string name) =>
        double.TryParse(reader.Attribute(name), NumberStyles.AllowThousands | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? (long)Math.Min(value, int.MaxValue)
            : 0;
}
