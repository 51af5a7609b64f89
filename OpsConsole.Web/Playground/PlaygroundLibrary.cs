using OpsConsole.Core.Policies;

namespace OpsConsole.Web.Playground;

/// <summary>Puts a policy to start from into the library, once: what people make of it afterwards is theirs.</summary>
internal sealed class PlaygroundLibrary(PolicyLibrary library, IPolicyStore policies, ILogger logger)
{
    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        if (await policies.FindAsync(PlaygroundPolicies.LibraryName, null, cancellationToken) is null)
        {
            var answer = await library.SaveAsync(PlaygroundPolicies.LibraryName, PlaygroundPolicies.Library, "to start from", PlaygroundPipeline.Operator, cancellationToken);
            logger.LogInformation("playground: policy {Name} {Answer}", PlaygroundPolicies.LibraryName, answer is SavePolicyAnswer.Saved ? "saved" : answer.ToString());
        }
    }
}
