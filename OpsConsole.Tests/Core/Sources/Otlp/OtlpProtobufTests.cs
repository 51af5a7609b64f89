using OpsConsole.Core.Sources.Otlp;

namespace OpsConsole.Tests.Core.Sources.Otlp;

public sealed class OtlpProtobufTests
{
    [Fact]
    public void Every_form_of_metric_is_read()
    {
        var resource = Assert.Single(OtlpBatch.FromProtobuf(Export()).Resources);

        Assert.Equal("shop", resource.Find("service.name"));
        Assert.Equal("[\"a\",7,true,2.5,{\"k\":null}]", resource.Find("list"));
        Assert.Equal("AQI=", resource.Find("bytes"));
        var scope = Assert.Single(resource.Scopes);
        Assert.Equal(("shop.http", "1.2"), (scope.Name, scope.Version));
        Assert.Equal([OtlpForm.Sum, OtlpForm.Gauge, OtlpForm.Histogram, OtlpForm.ExponentialHistogram, OtlpForm.Summary], scope.Metrics.Select(m => m.Form));

        var sum = scope.Metrics[0];
        Assert.Equal((OtlpTemporality.Cumulative, true), (sum.Temporality, sum.IsMonotonic));
        Assert.Equal([(100UL, 200UL, (double?)-7), (100UL, 201UL, 8.5)], sum.Points.Select(p => (p.Start, p.Time, p.Value)));
        Assert.Equal([new OtlpAttribute("code", "500")], sum.Points[0].Attributes);
        Assert.True(scope.Metrics[1].Points[0].IsAbsent);

        var histogram = scope.Metrics[2].Points[0];
        Assert.Equal((OtlpTemporality.Delta, 6UL, (double?)1.5), (scope.Metrics[2].Temporality, histogram.Count, histogram.Sum));
        Assert.Equal([1UL, 2, 3], histogram.Counts);
        Assert.Equal([0.1, 1], histogram.Bounds);

        var exponential = scope.Metrics[3].Points[0];
        Assert.Equal((-2, 4UL, 0.25, -5), (exponential.Scale, exponential.ZeroCount, exponential.ZeroThreshold, exponential.Positive.Offset));
        Assert.Equal([300UL, 1], exponential.Positive.Counts);
        Assert.Equal([9UL], exponential.Negative.Counts);

        Assert.Equal([(0.99, 12.5)], scope.Metrics[4].Points[0].Quantiles);
    }

    [Fact]
    public void What_breaks_off_anywhere_is_refused_or_is_a_message_by_itself()
    {
        var whole = Export();
        for (var length = 0; length < whole.Length; length++)
        {
            Refused(whole.AsSpan(0, length));
        }
    }

    [Fact]
    public void Bytes_of_any_kind_are_refused_or_read()
    {
        var random = new Random(7);
        var whole = Export();
        for (var round = 0; round < 20_000; round++)
        {
            var damaged = whole.ToArray();
            for (var hit = 0; hit < 3; hit++)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            Refused(damaged);
        }
    }

    [Fact]
    public void A_small_body_does_not_become_many_objects()
    {
        var many = new byte[2 * (OtlpBatch.MostParts + 1)];
        for (var i = 0; i < many.Length; i += 2)
        {
            many[i] = 0x0a; // An empty ResourceMetrics, of two bytes.
        }

        Assert.True(Assert.Throws<OtlpException>(() => OtlpBatch.FromProtobuf(many)).IsTooMuch);
    }

    [Fact]
    public void Lists_in_lists_end()
    {
        var value = new ProtobufWriter().Text(1, "deep");
        for (var depth = 0; depth < 100; depth++)
        {
            value = new ProtobufWriter().Message(5, new ProtobufWriter().Message(1, value));
        }

        var body = new ProtobufWriter().Message(1, new ProtobufWriter().Message(1, new ProtobufWriter().Message(1, new ProtobufWriter().Text(1, "deep").Message(2, value))));

        Assert.Contains("too deep", Assert.Throws<OtlpException>(() => OtlpBatch.FromProtobuf(body.Bytes)).Message, StringComparison.Ordinal);
    }

    private static void Refused(ReadOnlySpan<byte> body)
    {
        try
        {
            OtlpBatch.FromProtobuf(body);
        }
        catch (OtlpException e)
        {
            Assert.EndsWith(".", e.Message, StringComparison.Ordinal);
        }
    }

    private static byte[] Export()
    {
        var list = new ProtobufWriter()
            .Message(1, new ProtobufWriter().Text(1, "a"))
            .Message(1, new ProtobufWriter().Varint(3, 7))
            .Message(1, new ProtobufWriter().Varint(2, 1))
            .Message(1, new ProtobufWriter().Double(4, 2.5))
            .Message(1, new ProtobufWriter().Message(6, new ProtobufWriter().Message(1, new ProtobufWriter().Text(1, "k"))));
        var resource = new ProtobufWriter()
            .Message(1, Attribute("service.name", new ProtobufWriter().Text(1, "shop")))
            .Message(1, Attribute("list", new ProtobufWriter().Message(5, list)))
            .Message(1, Attribute("bytes", new ProtobufWriter().Message(7, [1, 2])))
            .Varint(2, 3);
        var sum = new ProtobufWriter()
            .Message(1, Times(new ProtobufWriter()).Fixed64(6, unchecked((ulong)-7L)).Message(7, Attribute("code", new ProtobufWriter().Text(1, "500"))).Message(5, new ProtobufWriter().Text(4, "exemplar")))
            .Message(1, new ProtobufWriter().Fixed64(2, 100).Fixed64(3, 201).Double(4, 8.5))
            .Varint(2, 2).Varint(3, 1);
        var histogram = new ProtobufWriter()
            .Message(1, Times(new ProtobufWriter()).Fixed64(4, 6).Double(5, 1.5).PackedFixed(6, 1, 2, 3).Double(7, 0.1).Double(7, 1).Double(11, 0).Double(12, 9))
            .Varint(2, 1);
        var exponential = new ProtobufWriter()
            .Message(1, Times(new ProtobufWriter()).Fixed64(4, 314).ZigZag(6, -2).Fixed64(7, 4).Message(8, new ProtobufWriter().ZigZag(1, -5).Packed(2, 300, 1)).Message(9, new ProtobufWriter().Varint(2, 9)).Double(14, 0.25))
            .Varint(2, 2);
        var summary = new ProtobufWriter().Message(1, Times(new ProtobufWriter()).Fixed64(4, 6).Double(5, 1).Message(6, new ProtobufWriter().Double(1, 0.99).Double(2, 12.5)));
        var scope = new ProtobufWriter()
            .Message(1, new ProtobufWriter().Text(1, "shop.http").Text(2, "1.2"))
            .Message(2, new ProtobufWriter().Text(1, "sum").Text(2, "described").Text(3, "1").Message(7, sum))
            .Message(2, new ProtobufWriter().Text(1, "gauge").Message(5, new ProtobufWriter().Message(1, Times(new ProtobufWriter()).Varint(8, 1))))
            .Message(2, new ProtobufWriter().Text(1, "histogram").Message(9, histogram))
            .Message(2, new ProtobufWriter().Text(1, "exponential").Message(10, exponential))
            .Message(2, new ProtobufWriter().Text(1, "summary").Message(11, summary))
            .Fixed32(1000, 7).Text(3, "https://opentelemetry.io/schemas/1.31.0");
        return new ProtobufWriter().Message(1, new ProtobufWriter().Message(1, resource).Message(2, scope)).Bytes;
    }

    private static ProtobufWriter Times(ProtobufWriter point) => point.Fixed64(2, 100).Fixed64(3, 200);

    private static ProtobufWriter Attribute(string key, ProtobufWriter value) => new ProtobufWriter().Text(1, key).Message(2, value);
}
