using Microsoft.Extensions.Logging.Abstractions;
using OpsConsole.Core.Access;
using OpsConsole.Tests.Shared;
using OpsConsole.Web.Identity;

namespace OpsConsole.Tests.Web.Identity;

public sealed class AccessRefusalsTests
{
    private static readonly Operator Vik = new("vik", Role.Viewer, IsService: false);

    private readonly FakeTime _time = new();
    private readonly InMemoryRecord _record = new();

    [Fact]
    public async Task A_refusal_that_could_not_be_written_does_not_use_up_its_minute()
    {
        var refusals = new AccessRefusals(new SignInAudit(_record, _time, NullLogger<SignInAudit>.Instance), _time);
        _record.AuditAway = true;
        await refusals.RecordAsync(Vik, "POST /api/v1/policies", "may not");
        Assert.Empty(_record.Audit);

        _record.AuditAway = false;
        await refusals.RecordAsync(Vik, "POST /api/v1/policies", "may not");
        await refusals.RecordAsync(Vik, "POST /api/v1/policies", "may not");

        Assert.Equal("POST /api/v1/policies: may not Of the same, 1 more was left out since 12:00:00 UTC.", Assert.Single(_record.Audit).Detail);
    }
}
