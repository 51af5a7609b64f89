using OpsConsole.Core.Catalog;
using OpsConsole.Web.Catalog;

namespace OpsConsole.Tests.Web.Catalog;

public sealed class CatalogReaderTests
{
    [Fact]
    public void Settings_are_held_to_the_rules_of_the_configuration_at_their_lines()
    {
        using var world = new CatalogWorld();
        var text = CatalogWorld.Shop
            .Replace("account: 0123456789abcdef0123456789abcdef", "acount: x", StringComparison.Ordinal)
            .Replace("kind: prometheus\n", "kind: prometheus\n    intervall: 5s\n", StringComparison.Ordinal)
            .Replace("rule: query, query", "rule: gauge, query", StringComparison.Ordinal);

        var faults = Read(world, text).Faults;

        Assert.Contains(faults, f => f is { Line: 9, Column: 9 } && f.Message.StartsWith("targets:workers:Environments:production:acount is not a setting; known are Account, Token, Api, Services.", StringComparison.Ordinal)
            && f.Message.EndsWith("Did you mean 'Account'?", StringComparison.Ordinal));
        Assert.Contains(faults, f => f is { Line: 8, Column: 7 } && f.Message.StartsWith("targets:workers:Environments:production:Account is missing", StringComparison.Ordinal));
        Assert.Contains(faults, f => f is { Line: 14, Column: 5 } && f.Message.StartsWith("sources:shop-errors:intervall is not a setting", StringComparison.Ordinal));
        Assert.Contains(faults, f => f.Line == 21 && f.Message.StartsWith("sources:shop-errors:Signals:http_5xx_rate:Query does not belong to the rule gauge", StringComparison.Ordinal));
        var part = Assert.Single(Read(world, text).Parts);
        Assert.Empty(part.Targets);
        Assert.Empty(part.Sources);
    }

    [Theory]
    [InlineData("rule: query", "rule: qery", 20, "sources:shop-errors:Signals:http_5xx_rate:Rule 'qery' is no rule; a source of the kind prometheus takes query. Did you mean 'query'?")]
    [InlineData("kind: cloudflare-workers", "kind: cloudflare-worker", 6, "targets:workers:Kind is none of brittle, cloudflare-workers, feature-flag, webhook. Did you mean 'cloudflare-workers'?")]
    public void A_word_that_is_misspelt_is_told_with_what_was_meant_and_nothing_else_is(string before, string after, int line, string message)
    {
        using var world = new CatalogWorld();

        var fault = Assert.Single(Read(world, CatalogWorld.Shop.Replace(before, after, StringComparison.Ordinal)).Faults);

        Assert.Equal((line, message), (fault.Line, fault.Message));
    }

    [Theory]
    [InlineData("cloudflare_production", "(a file or variable OpsConsole__Secrets__cloudflare_production__Value)")]
    [InlineData("cloudflare-production", "(a file OpsConsole__Secrets__cloudflare-production__Value in the folder that OpsConsole__SecretsFolder names; a shell sets no variable of this name)")]
    [InlineData("cloudflare.production", "(a file OpsConsole__Secrets__cloudflare.production__Value in the folder that OpsConsole__SecretsFolder names; a shell sets no variable of this name)")]
    public void A_secret_that_is_not_there_is_told_with_a_way_to_give_it_that_works(string name, string way)
    {
        using var world = new CatalogWorld();

        var fault = Assert.Single(Read(world, CatalogWorld.Shop.Replace("token: { secret: cloudflare }\nsources", $"token: {{ secret: {name} }}\nsources", StringComparison.Ordinal)).Faults);

        Assert.Contains(way, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_that_is_wrong_takes_no_target_away()
    {
        using var world = new CatalogWorld();

        var content = Read(world, CatalogWorld.Shop.Replace("token: { secret: cloudflare }\n    signals", "token: { secret: gone }\n    signals", StringComparison.Ordinal));

        Assert.NotEmpty(content.Faults);
        var part = Assert.Single(content.Parts);
        Assert.Equal("workers", Assert.Single(part.Targets).Target);
        Assert.Empty(part.Sources);
    }

    [Theory]
    [InlineData("token: { secret: cloudflare }\nsources", "token: hunter-2\nsources", 10, "targets:workers:environments:production:token is a secret, which stands in no file: write 'secret: <name>' below it", null)]
    [InlineData("token: { secret: cloudflare }\n    signals", "token: hunter-2\n    signals", 18, "sources:shop-errors:token is a secret, which stands in no file", null)]
    [InlineData("token: { secret: cloudflare }\n    signals", "token: { secret: cloudfare }\n    signals", 18, "sources:shop-errors:token names the secret 'cloudfare', which is not there: give it as the setting OpsConsole:Secrets:cloudfare", "Did you mean 'cloudflare'?")]
    [InlineData("address: http://prometheus.internal:9090", "address: { secret: cloudflare }", 17, "sources:shop-errors:address is no secret and is shown to people", null)]
    [InlineData("address: http://prometheus.internal:9090", "address: http://me:hunter-2@prometheus.internal:9090", 17, "sources:shop-errors:address has a user or password in its address", null)]
    [InlineData("address: http://prometheus.internal:9090", "address: http://me:hunter/2@prometheus.internal:9090", 17, "sources:shop-errors:address is not a whole http or https address, and is not shown", null)]
    [InlineData("address: http://prometheus.internal:9090", "address: me:hunter-2@prometheus.internal", 17, "sources:shop-errors:address is not a whole http or https address, and is not shown", null)]
    [InlineData("token: { secret: cloudflare }\nsources", "token: { secret: cloudflare }\n        api: https://me:hunter-2@api.example\nsources", 11, "targets:workers:environments:production:api has a user or password in its address", null)]
    public void A_secret_stands_in_no_file_and_nowhere_else_than_in_its_place(string before, string after, int line, string message, string? suggestion)
    {
        using var world = new CatalogWorld();

        var fault = Assert.Single(Read(world, CatalogWorld.Shop.Replace(before, after, StringComparison.Ordinal)).Faults);

        Assert.Equal((line, suggestion), (fault.Line, fault.Suggestion));
        Assert.StartsWith(message, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter", fault.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("token: { secret: cloudflare }\nsources", "token: { secret: unbound }\nsources", 10, "targets:workers:environments:production:token names the secret 'unbound', which says no environment, so nothing of the catalogue gets it: add the setting OpsConsole:Secrets:unbound:Environment, here production, and start the console anew.")]
    [InlineData("token: { secret: cloudflare }\nsources", "token: { secret: elsewhere }\nsources", 10, "targets:workers:environments:production:token names the secret 'elsewhere', which is for staging alone, and this is production: name a secret of production.")]
    [InlineData("token: { secret: cloudflare }\n    signals", "token: { secret: unbound }\n    signals", 18, "sources:shop-errors:token names the secret 'unbound', which says no environment")]
    [InlineData("token: { secret: cloudflare }\n    signals", "token: { secret: elsewhere }\n    signals", 18, "sources:shop-errors:token names the secret 'elsewhere', which is for staging alone")]
    [InlineData("token: { secret: cloudflare }\nsources", "token: { secret: narrow }\n        api: https://collector.example/client/v4\nsources", 10, "targets:workers:environments:production:token names the secret 'narrow', which may be sent to api.cloudflare.com, *.internal alone, and an address here leads to collector.example.")]
    [InlineData("    address: http://prometheus.internal:9090\n    token: { secret: cloudflare }", "    address: http://prometheus.internal.example\n    token: { secret: narrow }", 18, "sources:shop-errors:token names the secret 'narrow', which may be sent to api.cloudflare.com, *.internal alone, and an address here leads to prometheus.internal.example.")]
    public void A_secret_of_another_environment_or_for_another_host_is_refused_and_nothing_gets_it(string before, string after, int line, string message)
    {
        using var world = new CatalogWorld();

        var content = Read(world, CatalogWorld.Shop.Replace(before, after, StringComparison.Ordinal));

        var fault = Assert.Single(content.Faults);
        Assert.Equal((line, (string?)null), (fault.Line, fault.Suggestion));
        Assert.StartsWith(message, fault.Message, StringComparison.Ordinal);
        var part = Assert.Single(content.Parts);
        Assert.Equal(message.StartsWith("targets", StringComparison.Ordinal) ? 0 : 1, part.Targets.Count);
        Assert.Equal(message.StartsWith("sources", StringComparison.Ordinal) ? 0 : 1, part.Sources.Count);
    }

    [Fact]
    public void A_secret_goes_to_its_environment_and_its_hosts()
    {
        using var world = new CatalogWorld();

        var content = Read(world, CatalogWorld.Shop.Replace("secret: cloudflare", "secret: narrow", StringComparison.Ordinal));

        Assert.Empty(content.Faults);
        var part = Assert.Single(content.Parts);
        Assert.Equal(CatalogWorld.Secret, Assert.Single(Assert.Single(part.Targets).Connected!.Settings.Secrets));
        Assert.Equal(CatalogWorld.Secret, Assert.Single(part.Sources).Binding.Credential!.Value);
    }

    [Fact]
    public void A_secret_for_certain_hosts_goes_nowhere_where_no_address_tells_whither()
    {
        using var world = new CatalogWorld();
        const string Text = "service: shop\nowner: { team: commerce }\nenvironments: [production]\ntargets: { workers: { kind: brittle, environments: { production: { part: a, token: { secret: narrow } } } } }\n";

        Assert.Contains("and no address here tells where it goes", Assert.Single(Read(world, Text).Faults).Message, StringComparison.Ordinal);
        Assert.Empty(Read(world, Text.Replace("narrow", "cloudflare", StringComparison.Ordinal)).Faults);
    }

    [Fact]
    public void A_file_with_a_secret_is_named_by_the_configuration_alone()
    {
        using var world = new CatalogWorld();
        const string Text = "service: shop\nowner: { team: commerce }\nenvironments: [production]\ntargets: { workers: { kind: brittle, environments: { production: { part: a, token: { secret: cloudflare }, tokenFile: /etc/shadow } } } }\n";

        var content = Read(world, Text);

        Assert.StartsWith("targets:workers:environments:production:tokenFile is the path of a file with a secret, which no file of the catalogue names", Assert.Single(content.Faults).Message, StringComparison.Ordinal);
        Assert.Empty(Assert.Single(content.Parts).Targets);
    }

    [Fact]
    public void A_policy_that_is_not_in_the_library_is_a_fault_of_the_file()
    {
        using var world = new CatalogWorld();
        CatalogFile file = new("shop.yaml", CatalogWorld.Shop + "\npolicies: [web-canary, web-canari]\n");

        var fault = Assert.Single(world.Reader.Read([file], [], new HashSet<string> { "web-canary" }).Faults);

        Assert.Equal((21, "There is no policy 'web-canari' in the library; write it first, or take the name out.", "Did you mean 'web-canary'?"), (fault.Line, fault.Message, fault.Suggestion));
        Assert.Empty(world.Reader.Read([file], []).Faults);
    }

    [Fact]
    public void The_configuration_wins_and_a_clash_is_a_fault()
    {
        using var world = new CatalogWorld(settings: """
            OpsConsole:Targets:workers:Kind=feature-flag
            OpsConsole:Sources:shop-errors:Service=shop
            OpsConsole:Sources:shop-errors:Target=workers
            OpsConsole:Sources:shop-errors:Environment=production
            OpsConsole:Sources:shop-errors:Version=1
            OpsConsole:Sources:shop-errors:Address=http://a
            OpsConsole:Sources:shop-errors:Signals:errors:Rule=gauge
            OpsConsole:Sources:shop-errors:Signals:errors:Numerator=errors
            """);
        Assert.Empty(world.TargetOptions.Faults.Concat(world.SourceOptions.Faults));

        Assert.Equal(
            [(8, "workers in production is connected by the configuration already (OpsConsole:Targets:workers); take it out of one of the two."), (12, "The configuration has a source shop-errors already (OpsConsole:Sources:shop-errors); take it out of one of the two.")],
            Read(world, CatalogWorld.Shop).Faults.Select(f => (f.Line, f.Message)));
    }

    [Fact]
    public void Of_two_files_that_say_the_same_the_second_is_wrong_and_may_name_it_instead()
    {
        using var world = new CatalogWorld();
        var web = CatalogWorld.Shop.Replace("service: shop", "service: web", StringComparison.Ordinal);
        string[] expected = ["workers in production is connected by shop.yaml already; here it is enough to name it, with its environments and without a kind.", "shop.yaml has a source shop-errors already; give this one another name."];

        var content = world.Reader.Read([new("web.yaml", web), new("shop.yaml", CatalogWorld.Shop)], []);
        Assert.Equal(expected, content.Faults.Select(f => f.Message));
        Assert.All(content.Faults, f => Assert.Equal("web.yaml", f.File));
        Assert.Equal("shop", Assert.Single(content.Parts, p => p.Targets.Count + p.Sources.Count > 0).Service.Name);

        const string Named = "service: web\nowner: { team: commerce }\nenvironments: [production]\ntargets: { workers: { environments: [production] } }\n";
        Assert.Empty(world.Reader.Read([new("web.yaml", Named), new("shop.yaml", CatalogWorld.Shop)], []).Faults);
    }

    [Fact]
    public void Switches_of_the_console_are_a_target_too()
    {
        using var world = new CatalogWorld();

        var part = Assert.Single(Read(world, "service: shop\nowner: { team: commerce }\nenvironments: [production]\ntargets: { flags: { kind: feature-flag, timeout: 2s } }\n").Parts);

        var target = Assert.Single(part.Targets);
        Assert.Equal(("flags", null, TimeSpan.FromSeconds(2)), (target.Target, target.Environment, target.Flags!.Timeout));
    }

    private static CatalogContent Read(CatalogWorld world, string text) => world.Reader.Read([new CatalogFile("shop.yaml", text)], []);
}
