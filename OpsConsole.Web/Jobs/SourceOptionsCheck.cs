using Microsoft.Extensions.Options;

namespace OpsConsole.Web.Jobs;

/// <summary>Stops a console whose sources are configured wrongly, naming every fault at once.</summary>
internal sealed class SourceOptionsCheck : IValidateOptions<SourceOptions>
{
    public ValidateOptionsResult Validate(string? name, SourceOptions options) =>
        options.Faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(options.Faults);
}
