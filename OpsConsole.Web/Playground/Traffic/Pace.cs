namespace OpsConsole.Web.Playground.Traffic;

/// <summary>Says how many things are due by the clock at a steady rate.</summary>
internal sealed class Pace(double perSecond, TimeProvider time)
{
    /// <summary>Longest pause that is made up for, in seconds: a machine that stood still does not send in one burst what was not sent meanwhile.</summary>
    private const double LongestMadeUp = 0.2;

    private long _last = time.GetTimestamp();
    private double _owed;

    /// <summary>How many are due since the last call.</summary>
    public int TakeDue()
    {
        var now = time.GetTimestamp();
        var elapsed = Math.Min(time.GetElapsedTime(_last, now).TotalSeconds, LongestMadeUp);
        _last = now;
        _owed += elapsed * perSecond;
        var due = (int)_owed;
        _owed -= due;
        return due;
    }
}
