namespace OpsConsole.Tests.Contracts.Targets;

/// <summary>What adapters of a cluster are told.</summary>
internal static class KubeTold
{
    public static Dictionary<string, string> Of(Uri address, string token) => new()
    {
        ["Api"] = address.ToString(), ["Token"] = token, ["Namespace"] = KubeApi.Namespace, ["Image"] = KubePods.Repository + ":{version}",
    };
}
