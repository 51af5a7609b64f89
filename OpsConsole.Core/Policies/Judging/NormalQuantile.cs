namespace OpsConsole.Core.Policies.Judging;

/// <summary>Quantiles of the standard normal distribution.</summary>
/// <remarks>The rational approximations of Wichura (1988), algorithm AS 241, routine PPND16: relative error about 1e-16.</remarks>
public static class NormalQuantile
{
    /// <summary>Half of the width of the central region, in probability.</summary>
    private const double Central = 0.425;

    private static readonly double[] CentralTop =
    [
        3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
        45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727,
    ];

    private static readonly double[] CentralBottom =
    [
        1, 42.313330701600911252, 687.18700749205790830, 5394.1960214247511077,
        21213.794301586595867, 39307.895800092710610, 28729.085735721942674, 5226.4952788528545610,
    ];

    private static readonly double[] OuterTop =
    [
        1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504,
        1.27045825245236838258, 0.241780725177450611770, 0.0227238449892691845833, 7.74545014278341407640e-4,
    ];

    private static readonly double[] OuterBottom =
    [
        1, 2.05319162663775882187, 1.67638483018380384940, 0.689767334985100004550,
        0.148103976427480074590, 0.0151986665636164571966, 5.47593808499534494600e-4, 1.05075007164441684324e-9,
    ];

    private static readonly double[] TailTop =
    [
        6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, 0.296560571828504891230,
        0.0265321895265761230930, 0.00124266094738807843860, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
    ];

    private static readonly double[] TailBottom =
    [
        1, 0.599832206555887937690, 0.136929880922735805310, 0.0148753612908506148525,
        7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15,
    ];

    /// <summary>The value that a standard normal variable does not exceed with this probability.</summary>
    /// <param name="probability">Above 0 and below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public static double Of(double probability)
    {
        if (!(probability > 0 && probability < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability lies above 0 and below 1.");
        }

        var fromHalf = probability - 0.5;
        if (Math.Abs(fromHalf) <= Central)
        {
            var square = (Central * Central) - (fromHalf * fromHalf);
            return fromHalf * Polynomial(CentralTop, square) / Polynomial(CentralBottom, square);
        }

        var depth = Math.Sqrt(-Math.Log(fromHalf < 0 ? probability : 1 - probability));
        var magnitude = depth <= 5
            ? Polynomial(OuterTop, depth - 1.6) / Polynomial(OuterBottom, depth - 1.6)
            : Polynomial(TailTop, depth - 5) / Polynomial(TailBottom, depth - 5);
        return fromHalf < 0 ? -magnitude : magnitude;
    }

    private static double Polynomial(double[] coefficients, double x)
    {
        var sum = 0.0;
        for (var i = coefficients.Length - 1; i >= 0; i--)
        {
            sum = (sum * x) + coefficients[i];
        }

        return sum;
    }
}
