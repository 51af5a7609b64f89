namespace OpsConsole.Core.Policies.Judging;

/// <summary>Finds where a function of one variable changes its sign.</summary>
/// <remarks>
/// The method of Brent (Algorithms for Minimization without Derivatives, 1973, chapter 4): inverse quadratic interpolation
/// or the secant where they help, else bisection. It stops as R's <c>uniroot</c> does, so that a step function gives the same root.
/// </remarks>
internal static class RootSearch
{
    private const double MachineEpsilon = 2.220446049250313e-16;
    private const int MostSteps = 1000;

    /// <summary>A place where the function is zero, or within <paramref name="tolerance"/> of where it changes sign.</summary>
    /// <param name="low">One end.</param>
    /// <param name="atLow">The function there.</param>
    /// <param name="high">The other end.</param>
    /// <param name="atHigh">The function there; not of the same sign as <paramref name="atLow"/>.</param>
    /// <param name="tolerance">Width that the bracket is brought down to.</param>
    /// <param name="function">The function.</param>
    public static double Find(double low, double atLow, double high, double atHigh, double tolerance, Func<double, double> function)
    {
        if (atLow == 0)
        {
            return low;
        }

        var (previous, best, other) = (low, high, low);
        var (atPrevious, atBest, atOther) = (atLow, atHigh, atLow);
        for (var step = 0; step <= MostSteps; step++)
        {
            var lastMove = best - previous;
            if (Math.Abs(atOther) < Math.Abs(atBest))
            {
                (previous, best, other) = (best, other, best);
                (atPrevious, atBest, atOther) = (atBest, atOther, atBest);
            }

            var least = (2 * MachineEpsilon * Math.Abs(best)) + (tolerance / 2);
            var move = (other - best) / 2;
            if (Math.Abs(move) <= least || atBest == 0)
            {
                return best;
            }

            if (Math.Abs(lastMove) >= least && Math.Abs(atPrevious) > Math.Abs(atBest))
            {
                move = Interpolated(previous, atPrevious, best, atBest, other, atOther, least, lastMove) ?? move;
            }

            if (Math.Abs(move) < least)
            {
                move = move > 0 ? least : -least;
            }

            (previous, atPrevious) = (best, atBest);
            best += move;
            atBest = function(best);
            if ((atBest > 0 && atOther > 0) || (atBest < 0 && atOther < 0))
            {
                (other, atOther) = (previous, atPrevious);
            }
        }

        return best;
    }

    /// <summary>The move that interpolation proposes; null where it would leave the bracket or come down too slowly.</summary>
    private static double? Interpolated(
        double previous, double atPrevious, double best, double atBest, double other, double atOther, double least, double lastMove)
    {
        var width = other - best;
        double top, bottom;
        if (previous == other)
        {
            var ratio = atBest / atPrevious;
            top = width * ratio;
            bottom = 1 - ratio;
        }
        else
        {
            var (q, r, s) = (atPrevious / atOther, atBest / atOther, atBest / atPrevious);
            top = s * ((width * q * (q - r)) - ((best - previous) * (r - 1)));
            bottom = (q - 1) * (r - 1) * (s - 1);
        }

        if (top > 0)
        {
            bottom = -bottom;
        }
        else
        {
            top = -top;
        }

        return top < (0.75 * width * bottom) - (Math.Abs(least * bottom) / 2) && top < Math.Abs(lastMove * bottom / 2)
            ? top / bottom
            : null;
    }
}
