using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Actions.Approve;

/// <summary>A person's word on a promotion that waits. The comment is taken in as <see cref="PlainText"/>.</summary>
public abstract record ApprovalCommand(Guid ActionId, string? Comment)
{
    private readonly string? _comment = Plain(Comment);

    public string? Comment
    {
        get => _comment;
        init => _comment = Plain(value);
    }

    private static string? Plain(string? text) => PlainText.Of(text).Trim() is { Length: > 0 } plain ? plain : null;
}

/// <summary>Agree to a promotion, on the evidence of a seal.</summary>
public sealed record ApproveCommand(Guid ActionId, string? Seal, string? Comment) : ApprovalCommand(ActionId, Comment);

/// <summary>End a request for approval, and with <paramref name="RejectArtifact"/> refuse its artifact on every target. As everything that stops it needs no seal.</summary>
public sealed record RejectCommand(Guid ActionId, string? Comment, bool RejectArtifact) : ApprovalCommand(ActionId, Comment);

/// <summary>Take a request for approval back.</summary>
public sealed record WithdrawCommand(Guid ActionId, string? Comment) : ApprovalCommand(ActionId, Comment);
