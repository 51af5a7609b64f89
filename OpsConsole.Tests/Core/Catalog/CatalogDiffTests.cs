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

    private static CatalogService Service(string text) => CatalogText.Read(new("shop.yaml", text)).Service!;
}
