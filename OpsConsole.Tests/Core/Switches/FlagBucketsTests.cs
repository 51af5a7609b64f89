using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OpsConsole.Core.Switches;

namespace OpsConsole.Tests.Core.Switches;

public sealed class FlagBucketsTests
{
    /// <remarks>Values of the reference implementation as the MurmurHash article of Wikipedia lists them ("Tests").</remarks>
    [Theory]
    [InlineData("", 0x00000000u, 0x00000000u)]
    [InlineData("", 0x00000001u, 0x514E28B7u)]
    [InlineData("", 0xffffffffu, 0x81F16F39u)]
    [InlineData("test", 0x00000000u, 0xba6bd213u)]
    [InlineData("test", 0x9747b28cu, 0x704b81dcu)]
    [InlineData("Hello, world!", 0x00000000u, 0xc0363e43u)]
    [InlineData("Hello, world!", 0x9747b28cu, 0x24884cbau)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x00000000u, 0x2e4ff723u)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x9747b28cu, 0x2fa826cdu)]
    public void The_hash_is_the_published_one(string text, uint seed, uint expected) =>
        Assert.Equal(expected, FlagBuckets.Murmur3(Encoding.UTF8.GetBytes(text), seed));

    /// <remarks>SMHasher's verification of its MurmurHash3_x86_32: the hash of the hashes of 256 keys, each with a seed of its own.</remarks>
    [Fact]
    public void The_hash_passes_the_verification_of_its_author()
    {
        var hashes = new byte[256 * 4];
        var key = new byte[256];
        for (var i = 0; i < 256; i++)
        {
            key[i] = (byte)i;
            BitConverter.TryWriteBytes(hashes.AsSpan(i * 4), FlagBuckets.Murmur3(key.AsSpan(0, i), (uint)(256 - i)));
        }

        Assert.Equal(0xB0F57EE3u, FlagBuckets.Murmur3(hashes, 0));
    }

    [Fact]
    public void A_person_stays_in_a_bucket_and_has_another_one_for_another_flag()
    {
        Assert.Equal(FlagBuckets.Of("recommendations", "user-1"), FlagBuckets.Of("recommendations", "user-1"));

        // Written down, so that a release of the console cannot deal people anew.
        Assert.Equal(59_803, FlagBuckets.Of("recommendations", "user-1"));
        Assert.Equal(31_340, FlagBuckets.Of("a", "Zoë 🦊"));
        Assert.NotEqual(FlagBuckets.Of("a", "user-1"), FlagBuckets.Of("b", "user-1"));
        Assert.Equal(51_515, FlagBuckets.Of("a", new string('x', 1000)));
    }

    [Fact]
    public void Raising_a_percentage_only_ever_adds_people() => Prop.ForAll(
        (from key in ArbMap.Default.GeneratorFor<NonNull<string>>() from low in Gen.Choose(0, 100_000) from high in Gen.Choose(0, 100_000) select (Key: key.Get, Low: low, High: high)).ToArbitrary(),
        given =>
        {
            var (low, high) = (Math.Min(given.Low, given.High) / 1000.0, Math.Max(given.Low, given.High) / 1000.0);
            var bucket = FlagBuckets.Of("recommendations", given.Key);
            Assert.InRange(bucket, 0, FlagBuckets.Count - 1);
            Assert.True(bucket >= FlagBuckets.In(low) || bucket < FlagBuckets.In(high));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("recommendations", "user-{0}")]
    [InlineData("vouchers", "{0}")]
    [InlineData("x", "3f2504e0-4f89-41d3-9a0c-{0:d12}")]
    public void People_are_spread_evenly(string flag, string form)
    {
        const int people = 200_000, cells = 100;
        var counts = new int[cells];
        for (var i = 0; i < people; i++)
        {
            counts[FlagBuckets.Of(flag, string.Format(System.Globalization.CultureInfo.InvariantCulture, form, i)) / (FlagBuckets.Count / cells)]++;
        }

        const double expected = (double)people / cells;
        var chiSquare = counts.Sum(count => Math.Pow(count - expected, 2) / expected);

        // Chi-square with 99 degrees of freedom is above 148.23 in one case of a thousand. Far too even would be wrong as well.
        Assert.InRange(chiSquare, 55, 148.23);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.001, 1)]
    [InlineData(12.5, 12_500)]
    [InlineData(33.333, 33_333)]
    [InlineData(100, 100_000)]
    public void A_percentage_is_a_number_of_buckets(double percent, int buckets) => Assert.Equal(buckets, FlagBuckets.In(percent));
}
