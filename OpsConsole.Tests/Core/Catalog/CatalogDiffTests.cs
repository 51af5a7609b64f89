using OpsConsole.Core.Catalog;

namespace OpsConsole.Tests.Core.Catalog;

public sealed class CatalogDiffTests
{
    private const string Before = """
        service: shop
        owner: { team: commerce }
        environments: [staging, production]
        targets:
          workers:
            kind: cloudflare-workers
            environments:
              staging: { account: a, token: { secret: one } }
              production: { account: a, token: { secret: one } }
        """;

    [Fact]
    public void A_service_that_is_new_brings_everything_of_it()
    {
        var changes = CatalogDiff.Between([], [Service(Before)]);

        Assert.Equal(
            ["shop: the service is added", "shop: the target workers is added", "shop: the target workers in production is added", "shop: the target workers in staging is added"],
            changes.Select(c => c.Sentence));
        Assert.Equal(["account: 'a'", "token: the secret one"], changes[2].Details);
    }

    [Fact]
    public void What_differs_is_said_in_words_and_what_does_not_is_not()
    {
        var after = Before.Replace("commerce", "payments", StringComparison.Ordinal)
            .Replace("production: { account: a, token: { secret: one } }", "production: { account: b, token: { secret: two }, api: http://a }", StringComparison.Ordinal)
            .Replace("      staging: { account: a, token: { secret: one } }\n", "", StringComparison.Ordinal);

        var changes = CatalogDiff.Between([Service(Before)], [Service(after)]);

        Assert.Equal(["shop: the service is changed", "shop: the target workers in production is changed", "shop: the target workers in staging is removed"], changes.Select(c => c.Sentence));
        Assert.Equal(["owner: payments instead of commerce"], changes[0].Details);
        Assert.Equal(["account: 'b' instead of 'a'", "token: the secret two instead of the secret one", "api: 'http://a', which is new"], changes[1].Details);
        Assert.Empty(CatalogDiff.Between([Service(after)], [Service("# a remark\n" + after)]));
    }

    [Fact]
    public void A_policy_that_moves_to_another_environment_is_a_change()
    {
        var (before, after) = (Before + "\npolicies: { staging: one, production: two }", Before + "\npolicies: { staging: two, production: one }");

        Assert.Equal(["policies: two in staging, one in production instead of one in staging, two in production"], Assert.Single(CatalogDiff.Between([Service(before)], [Service(after)])).Details);
    }

    [Fact]
    public void What_is_gone_is_removed() =>
        Assert.All(CatalogDiff.Between([Service(Before)], []), c => Assert.Equal(CatalogChangeKind.Removed, c.Kind));

    [Fact]
    public void What_differs_at_the_end_of_a_long_value_is_a_change_and_the_part_that_differs_is_shown()
    {
        var query = string.Concat(Enumerable.Range(0, 100).Select(n => $"a{n:00} + "));
        var (before, after) = (Asking(query + "http_errors"), Asking(query + "http_faults"));

        var change = Assert.Single(CatalogDiff.Between([before], [after]));

        var detail = Assert.Single(change.Details);
        Assert.Matches(@"\Asignals:rate:query: '\.\.\..{40,70}http_faults' instead of '\.\.\..{40,70}http_errors'\z", detail);
        Assert.Empty(CatalogDiff.Between([after], [after]));
    }

    [Fact]
    public void A_long_value_that_goes_on_after_its_difference_is_cut_at_both_ends()
    {
        var (begin, end) = (new string('a', 300), new string('z', 300));

        var detail = Assert.Single(Assert.Single(CatalogDiff.Between([Asking($"{begin}1{end}")], [Asking($"{begin}2{end}")])).Details);

        var sides = detail["signals:rate:query: ".Length..].Split(" instead of ");
        Assert.All(sides, s => Assert.True(s.StartsWith("'...a", StringComparison.Ordinal) && s.EndsWith("z...'", StringComparison.Ordinal) && s.Length <= 210, s));
        Assert.Contains("a2z", sides[0], StringComparison.Ordinal);
        Assert.Contains("a1z", sides[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_long_value_that_only_got_longer_both_ends_are_shown()
    {
        var query = new string('a', 250);

        var detail = Assert.Single(Assert.Single(CatalogDiff.Between([Asking(query)], [Asking(query + "b")])).Details);

        Assert.EndsWith("a'", detail, StringComparison.Ordinal);
        Assert.Contains("ab' instead of '...", detail, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_withheld_differs_without_being_shown()
    {
        var (before, after) = (Withheld("hunter-1"), Withheld("hunter-2"));

        Assert.Equal(["signals:rate:query: (not shown) instead of something else"], Assert.Single(CatalogDiff.Between([before], [after])).Details);

        static CatalogService Withheld(string text) => Asking("x") with { Values = [.. Asking("x").Values.Select(v => v.Path.EndsWith("query", StringComparison.Ordinal) ? v with { Text = text, IsWithheld = true } : v)] };
    }

    private static CatalogService Asking(string query) => Service(Before + $$"""

        sources:
          shop-errors:
            kind: prometheus
            target: workers
            environment: production
            address: http://prometheus.internal:9090
            signals:
              rate: { rule: query, query: {{query}} }
        """);

    private static CatalogService Service(string text) => CatalogText.Read(new("shop.yaml", text)).Service!;
}
