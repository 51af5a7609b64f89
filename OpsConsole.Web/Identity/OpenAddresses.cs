namespace OpsConsole.Web.Identity;

/// <summary>The addresses that are bound to no permission, each with the reason. A test fails on any other one; rendered into docs/permissions.md.</summary>
public static class OpenAddresses
{
    /// <summary>Answered to anybody.</summary>
    public static IReadOnlyDictionary<string, string> ToAnybody { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["/health/live"] = "what watches the process asks without a token; it says nothing but that it runs",
        ["/health/ready"] = "the same; it names the parts that are ready, and nothing of their contents",
        ["/metrics"] = "a collector asks without a token; counts and times of the console itself, no names of people or releases",
        ["/openapi/{documentName}.json"] = "describes the API, and holds no data",
        ["/api/v1/policies/schema"] = "describes the form of policies for editors, and holds none",
        ["/api/v1/tokens/federated"] = "a pipeline has no token of the console yet; the one of its own issuer in the body says who it is, with a limit on tries",
        ["/api/v1/hooks/github/{hook}"] = "GitHub has no token of the console; each delivery is signed with the hook's own secret, counts once, and can register releases in one environment and nothing else, with a limit on tries",
        ["/api/v1/hooks/flagger/{target}/{environment}/{hook}"] = "Flagger can send no header; the token in the body is that of the target in its environment, and the answer is yes or no, with a limit on tries",
        ["/ofrep/v1/events"] = "an event source sends nothing but an address; the sealed ticket in it says who it is, and ends with the token",
        ["/sign-in"] = "nobody is signed in yet; in Development also the form behind the page",
        ["/sign-in/issuer"] = "begins a sign-in at the issuer",
        ["/sign-in/emergency"] = "takes the emergency secret, with a limit on tries",
        ["/sign-in/failed"] = "says why a sign-in failed",
        ["/signed-out"] = "the page after signing out",
        ["/forbidden"] = "says that a page is not for one, and who can see it",
        ["/error"] = "says that something went wrong, without internals",
        ["/not-found"] = "says that there is no such page",
    };

    /// <summary>Answered to whoever is signed in, in whatever role.</summary>
    public static IReadOnlyDictionary<string, string> ToTheSignedIn { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["/sign-out"] = "everybody may leave",
        ["/_blazor"] = "the connection of an open page; each page and each command behind it is judged by itself",
        ["/_blazor/negotiate"] = "opens that connection",
        ["/_blazor/disconnect"] = "closes that connection",
        ["/_blazor/initializers"] = "names the scripts that a page starts with",
        ["/{**path:file}"] = "in Development, files of the pages that were made since the build",
        ["/_framework/opaque-redirect"] = "leads a form's answer to one of the console's own pages",
    };
}
