using OpsConsole.Core.Policies.Judging;

namespace OpsConsole.Tests.Core.Policies.Judging;

public sealed class QuartileTests
{
    [Fact]
    public void Quartiles_interpolate_between_neighbours()
    {
        double[] values = [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5];

        Assert.Equal(0.175, Quantile.Of(values, 0.05), 1e-12);
        Assert.Equal(1.75, Quantile.Of(values, 0.5));
        Assert.Equal(3.5, Quantile.Of(values, 1));
        Assert.Equal(4, Quantile.Of([4], 0.25));
    }

    [Fact]
    public void Fences_are_set_by_quartiles_or_deviations()
    {
        double[] spread = [-5, -1, -1, -1, 1, 1, 1, 5];

        Assert.Equal([-5.0, 5.0], spread.Where(Fences.InterQuartile(spread, 1.5).Excludes));
        Assert.Equal([-5.0, 5.0], spread.Where(Fences.KSigma(spread, 1).Excludes));
        Assert.Equal(Fences.None, Fences.InterQuartile([], 1.5));
        Assert.Equal(Fences.None, Fences.KSigma([], 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Fences.InterQuartile(spread, 0));
    }
}
