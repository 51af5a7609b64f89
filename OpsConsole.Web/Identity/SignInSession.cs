using OpsConsole.Core.Access;

namespace OpsConsole.Web.Identity;

/// <summary>One sign-in at the issuer, from the moment that it was accepted until it ends.</summary>
internal sealed class SignInSession
{
    /// <summary>Its name, as cookies carry it.</summary>
    public required string Id { get; init; }

    /// <summary>Who it is at the issuer.</summary>
    public required string Subject { get; init; }

    public required DateTimeOffset BeganAt { get; init; }

    /// <summary>The person with the roles that the issuer's last word gives.</summary>
    public required Operator By { get; set; }

    /// <summary>What it is confirmed anew with: a secret.</summary>
    public required IssuerTokens Tokens { get; set; }

    /// <summary>When the issuer was last asked and said that it holds.</summary>
    public required DateTimeOffset ConfirmedAt { get; set; }

    /// <summary>When it was last used.</summary>
    public required DateTimeOffset SeenAt { get; set; }

    /// <summary>When the issuer was last asked, whatever came of it.</summary>
    public DateTimeOffset AskedAt { get; set; }

    /// <summary>True since the issuer could not be asked.</summary>
    public bool IsAway { get; set; }

    /// <summary>The asking that is under way.</summary>
    public Task? Asking { get; set; }
}
