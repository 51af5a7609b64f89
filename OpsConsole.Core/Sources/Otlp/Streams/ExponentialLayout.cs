namespace OpsConsole.Core.Sources.Otlp.Streams;

/// <summary>Which buckets all exponential histograms of one metric are written with, so that they can be added up and compared with what came before. It changes seldom: only when values come that lie far above all before, or when a sender's scale gets coarser.</summary>
/// <remarks>The bucket of an index i at a scale s holds what is above 2^(i/2^s) and at most 2^((i+1)/2^s); at a scale that is one less, the bucket i/2 holds two of them whole.</remarks>
internal sealed class ExponentialLayout
{
    /// <summary>Finest scale that is kept: each bucket is 9 % wider than the one below.</summary>
    public const int Finest = 3;

    /// <summary>Coarsest scale that is taken: each bucket is 65,536 times as wide as the one below.</summary>
    public const int Coarsest = -4;

    /// <summary>Most buckets that a point may have above zero, or below.</summary>
    public const int MostOfPoint = 512;

    private const int MostBuckets = 480;

    /// <summary>Room above what was seen, in doublings of the value.</summary>
    private const int Room = 4;

    /// <summary>What a double can hold, in doublings from 1.</summary>
    private const int Highest = 1023;

    /// <summary>From where on a double holds ever less of a value, in doublings from 1: bounds below would be the same.</summary>
    private const int Lowest = -1022;

    /// <summary>Below what a double can hold, likewise.</summary>
    private const int Nothing = -1100;

    /// <summary>Null before the first observation.</summary>
    public int? Scale { get; private set; }

    /// <summary>Index of the lowest bucket; what lies below it is counted in it.</summary>
    public int Low { get; private set; }

    /// <summary>Index of the highest bucket that has an upper bound.</summary>
    public int High { get; private set; }

    /// <summary>Counts its changes.</summary>
    public int Changes { get; private set; }

    /// <summary>How many series a histogram makes.</summary>
    public int Lines => Scale is null ? 2 : High - Low + 4;

    private int Octave => Scale > 0 ? 1 << Scale.Value : 1;

    /// <summary>Index of the lowest bucket that is told from the one below.</summary>
    private int Bottom => (int)Math.Ceiling(Lowest * Math.Pow(2, Scale!.Value)) - 1;

    /// <summary>Index of the highest bucket whose upper bound a double can hold.</summary>
    private int Top => (int)Math.Floor(Highest * Math.Pow(2, Scale!.Value)) - 1;

    /// <summary>Whether a bucket can hold a value at all, as far as a double goes.</summary>
    public static bool CanHold(long index, int scale) => index * Math.Pow(2, -scale) is >= Nothing and < Highest + 1;

    /// <summary>Makes room for indexes.</summary>
    public void Include(int scale, int low, int high)
    {
        if (Scale is not { } before)
        {
            Scale = scale;
            (Low, High) = (low - Octave, high + (Room * Octave));
            Changes++;
        }
        else if (scale < before)
        {
            Coarsen(before - scale);
        }

        if (Shifted(high, scale) is var top && top > High && High < Top)
        {
            High = top + (Room * Octave);
            Changes++;
        }

        while (High - Low >= MostBuckets)
        {
            Coarsen(1);
        }

        Low = Math.Clamp(Low, Bottom, Top);
        High = Math.Clamp(High, Low, Top);
    }

    /// <summary>Where in the layout an index of another scale lies, from 0; one more than the last with a bound where it is above all.</summary>
    public int Place(int index, int scale) => Math.Clamp(Shifted(index, scale) - Low, 0, High - Low + 1);

    /// <summary>Where a value lies likewise.</summary>
    public int Place(double value) => value <= 0 ? 0 : Math.Clamp((int)Math.Ceiling(Math.Log2(value) * Math.Pow(2, Scale!.Value)) - 1 - Low, 0, High - Low + 1);

    /// <summary>Upper bounds, rising, without the last.</summary>
    public double[] Bounds() => [.. Enumerable.Range(Low, High - Low + 1).Select(Bound)];

    private int Shifted(int index, int scale) => index >> Math.Max(0, scale - Scale!.Value);

    private double Bound(int index) => Math.Pow(2, (index + 1) * Math.Pow(2, -Scale!.Value));

    private void Coarsen(int by)
    {
        (Scale, Low, High) = (Scale - by, Low >> by, High >> by);
        Changes++;
    }
}
