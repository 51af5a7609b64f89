using OpsConsole.Core.Access;
using OpsConsole.Core.Actions.Gate;

namespace OpsConsole.Core.Gates;

/// <summary>Marks a refusal because of the role: the API answers it with 403.</summary>
public interface IRoleRefusal;

/// <summary>The role does not have the permission.</summary>
public sealed record RoleMayNotRefusal(Permission Permission, Role? Role, string What) : Refusal, IRoleRefusal
{
    /// <inheritdoc cref="Operator.SeenFrom"/>
    public string? SeenFrom { get; init; }

    public override string Sentence => Role is { } role
        ? RoleTitles.MayNot(role, SeenFrom, What, Permission)
        : $"You are signed out, or your access was withdrawn; sign in again, or ask someone who is {RoleTitles.Join(PermissionTable.PeopleWith(Permission))}.";
}

/// <summary>The operator does not have the permission, in the words of its role or scope.</summary>
public sealed record MayNotRefusal(Permission Permission, string Why) : Refusal, IRoleRefusal
{
    public override string Sentence => Why;

    /// <summary>What stands against someone doing something; nothing where it is permitted.</summary>
    /// <param name="held">Who asks, as of now and seen from where; null when access was withdrawn.</param>
    /// <param name="permission">What is needed.</param>
    /// <param name="what">The doing in words.</param>
    public static IEnumerable<Refusal> Of(Operator? held, Permission permission, string what) => held is null ? [new RoleMayNotRefusal(permission, null, what)]
        : held.May(permission) ? []
        : held.Scope is null ? [new RoleMayNotRefusal(permission, held.Role, what) { SeenFrom = held.SeenFrom }]
        : [new MayNotRefusal(permission, held.WhyNot(permission, what)!)];
}

/// <summary>A text is too short, too long or empty.</summary>
public sealed record TextLengthRefusal(string What, int Length, int Min, int Max) : Refusal
{
    public override string Sentence => Length == 0
        ? $"{char.ToUpperInvariant(What[0])}{What[1..]} is missing; give it in {Min} to {Max} characters."
        : Length < Min
        ? $"{char.ToUpperInvariant(What[0])}{What[1..]} has {Length} {(Length == 1 ? "character" : "characters")}, and {Min} to {Max} are needed."
        : $"{char.ToUpperInvariant(What[0])}{What[1..]} has {Length} characters, {Length - Max} too many; shorten it to {Max}.";

    /// <summary>A refusal where a text does not fit, else nothing.</summary>
    public static IEnumerable<Refusal> Of(string what, string? text, int min, int max)
    {
        var length = text?.Trim().Length ?? 0;
        return length < min || length > max ? [new TextLengthRefusal(what, length, min, max)] : [];
    }
}

/// <summary>Somebody changed it at the same time.</summary>
public sealed record ChangedMeanwhileRefusal(string What) : Refusal
{
    public override string Sentence => $"{What} was changed by someone else at the same time; look at it again.";
}
