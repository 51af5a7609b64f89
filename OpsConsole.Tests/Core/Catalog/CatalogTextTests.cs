using OpsConsole.Core.Catalog;

namespace OpsConsole.Tests.Core.Catalog;

public sealed class CatalogTextTests
{
    private const string Sound = """
        service: shop
        owner:
          team: commerce
          contact: "#commerce-oncall"
        environments: [staging, production]
        targets:
          workers:
            kind: cloudflare-workers
            environments:
              production:
                account: 0123456789abcdef0123456789abcdef
                token:
                  secret: cloudflare
          gateway:
            environments: [staging]
        sources:
          shop-errors:
            kind: prometheus
            target: workers
            environment: production
            address: http://prometheus.internal:9090
            signals:
              http_5xx_rate:
                rule: query
                query: sum(rate(http_requests_total{version="$version"}[1m]))
        policies:
          - web-canary
        """;

    [Fact]
    public void A_file_says_what_belongs_to_a_service()
    {
        var reading = Read(Sound);

        Assert.Empty(reading.Faults);
        var service = reading.Service!;
        Assert.Equal(("shop", "commerce", "#commerce-oncall"), (service.Name, service.Owner.Team, service.Owner.Contact));
        Assert.Equal(["staging", "production"], service.Environments);
        Assert.Equal(["web-canary"], service.Policies);
        Assert.Equal(["workers in production as cloudflare-workers", "gateway in staging as "], service.Targets.Select(t => $"{t.Name} in {string.Join(",", t.Environments)} as {t.Kind}"));
        Assert.Equal(new CatalogSource("shop-errors", "prometheus", "workers", "production"), Assert.Single(service.Sources));
        Assert.Contains(new CatalogValue("targets:workers:environments:production:token", "cloudflare", IsSecret: true), service.Values);
        Assert.Contains(new CatalogValue("sources:shop-errors:signals:http_5xx_rate:rule", "query", IsSecret: false), service.Values);
        Assert.Equal((11, 9), reading.Places.Of("targets:workers:environments:production:ACCOUNT"));
        Assert.Equal((10, 7), reading.Places.Of("targets:workers:environments:production:nothing"));
    }

    [Theory]
    [InlineData("servce: shop", 1, 1, "'servce' is not a key of a file of the catalogue.", "Did you mean 'service'?")]
    [InlineData("service: shop\nowner: { teem: commerce }\nenvironments: [production]", 2, 10, "'teem' is not a key of 'owner'.", "Did you mean 'team'?")]
    [InlineData("service: shop\nowner: { team: commerce }\nenvironments: [production, production]", 3, 28, "'production' is in 'environments' twice; keep one.", null)]
    [InlineData("service: shop\nowner: { team: Commerce }\nenvironments: [production]", 2, 16, "'Commerce' is not a name for 'team': that has 1 to 64 characters: lower-case letters, digits, '-', '_' or '.', beginning with a letter or digit.", null)]
    [InlineData("service: shop\nowner: { team: commerce }\nenvironments: []", 3, 15, "'environments' has nothing in it; name one at least.", null)]
    [InlineData("service: search\nowner: { team: commerce }\nenvironments: [production]", 1, 10, "The file of search is called search.yaml, and this one is shop.yaml.", null)]
    [InlineData("service: shop\nowner: { team: commerce }\nenvironments: [production]\ntargets: { gateway: { environments: [prodution] } }", 4, 38, "'prodution' is none of the service's environments (production).", "Did you mean 'production'?")]
    [InlineData("service: shop\nowner: { team: commerce }\nenvironments: [production]\nsources: { a: { target: gateway, environment: production } }", 4, 25, "'gateway' is none of the targets of this file; name it under 'targets' as well, with its environments where it is connected elsewhere.", null)]
    [InlineData("service: shop\nowner: { team: commerce }\nenvironments: [production]\ntargets: { gateway: { environments: [production] } }\nsources: { a: { target: gateway, environment: production, address: , ADDRESS: x } }", 5, 59, "'address' has no value; give it one or take the key out.", null)]
    [InlineData("service: shop\nowner: { team: commerce }\nenvironments: [production]\ntargets: { gateway: { environments: [production] } }\nsources: { a: { target: gateway, environment: production, kind: x, KIND: y } }", 5, 68, "'KIND' is there twice but for capital letters, first on line 5; keep one.", null)]
    [InlineData("service: shop\nowner: { team: commerce }\nenvironments: [production]\ntargets: { gateway: { environments: [production] } }\nsources: { a: { target: gateway, environment: production, service: shop } }", 5, 68, "The service of a source is the one that the file is about; take 'service' out.", null)]
    [InlineData("service: shop\nowner: { team: commerce }\nenvironments: [production]\ntargets: { a: { kind: x }, A: { kind: x } }", 4, 28, "'A' is in 'targets' twice but for capital letters; keep one.", null)]
    [InlineData("service: add\nowner: { team: commerce }\nenvironments: [production]", 1, 10, "'add' is taken by the pages of the console; choose another name.", null)]
    [InlineData("service: shop\nowner: { team: commerce }\nenvironments: [production]\npolicies: { prodution: web }", 4, 13, "'prodution' is none of the service's environments (production).", "Did you mean 'production'?")]
    [InlineData("service: shop\nowner: { team: commerce }\nenvironments: [production]\npolicies: { production: Web Canary }", 4, 25, "'Web Canary' is not a name for 'production': that has 1 to 64 characters: lower-case letters, digits, '-', '_' or '.', beginning with a letter or digit.", null)]
    public void What_is_wrong_is_told_at_its_place(string text, int line, int column, string message, string? suggestion) =>
        Assert.Contains(new CatalogFault("shop.yaml", line, column, message, suggestion), Read(text).Faults);

    [Theory]
    [InlineData("policies: [web, search]", "web", "web", "web, search")]
    [InlineData("policies: { production: web, staging: quick }", "quick", "web", "web, quick")]
    [InlineData("policies: { production: web }", null, "web", "web")]
    [InlineData("policies: []", null, null, "")]
    public void A_release_goes_by_the_policy_of_its_environment_or_by_the_first(string policies, string? staging, string? production, string all)
    {
        var service = Read($"service: shop\nowner: {{ team: commerce }}\nenvironments: [staging, production]\n{policies}\n").Service!;

        Assert.Equal((staging, production, null, all), (service.PolicyIn("staging"), service.PolicyIn("production"), service.PolicyIn("elsewhere"), string.Join(", ", service.Policies)));
    }

    [Theory]
    [InlineData("", "A file of the catalogue says something of a service")]
    [InlineData("- a\n- b\n", "A file of the catalogue says something of a service")]
    [InlineData("service: shop", "'owner' is missing.")]
    [InlineData("service: shop", "'environments' is missing.")]
    [InlineData("service: &a shop\nowner: { team: *a }", "Anchors and aliases (& and *) are not used in the catalogue; write the value out.")]
    [InlineData("service: shop\n---\nservice: search", "A file of the catalogue is one document; a second one begins here.")]
    [InlineData("service: shop\nservice: shop", "'service' is there twice, first on line 1; keep one.")]
    [InlineData("a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {}}}}}}}}}}}}}}}}}}}}}", "A file of the catalogue nests at most 20 levels deep")]
    [InlineData("service: shop\nowner:\n\tteam: x", "YAML is indented with spaces; there is a tab here.")]
    public void What_is_no_file_of_the_catalogue_is_refused_in_words(string text, string sentence)
    {
        var reading = Read(text);

        Assert.Null(reading.Service);
        Assert.Contains(reading.Faults, f => f.Message.StartsWith(sentence, StringComparison.Ordinal));
    }

    [Fact]
    public void A_bomb_is_given_up_before_it_is_built()
    {
        Assert.Equal("A file of the catalogue has at most 256 kB; this text is longer.", Assert.Single(Read(new string('#', 300_000)).Faults).Message);
        Assert.Equal(
            "A file of the catalogue has at most 5000 values; this text has more.", Assert.Single(Read("policies: [" + string.Join(",", Enumerable.Repeat("a", 6_000)) + "]").Faults).Message);
    }

    [Fact]
    public void A_fault_of_a_setting_gets_the_nearest_place()
    {
        var places = Read(Sound).Places;

        Assert.Equal(new CatalogFault("shop.yaml", 12, 9, "targets:workers:environments:production:Token is missing."), places.Fault("shop.yaml", "targets:workers:environments:production:Token is missing."));
        Assert.Equal((10, 7), Place(places.Fault("shop.yaml", "targets:workers:environments:production:Tok is missing.")));
        Assert.Equal((1, 1), Place(places.Fault("shop.yaml", "Something else.")));

        static (int, int) Place(CatalogFault fault) => (fault.Line, fault.Column);
    }

    private static CatalogReading Read(string text) => CatalogText.Read(new("shop.yaml", text));
}
