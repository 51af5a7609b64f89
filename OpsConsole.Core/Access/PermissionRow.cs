namespace OpsConsole.Core.Access;

/// <summary>What kind of access a permission is. Building, deploying and administering are apart: who may do one need not have another.</summary>
public enum AccessClass
{
    /// <summary>Sees, and changes nothing.</summary>
    Look,

    /// <summary>Says what was built and how it was tested, and what is measured of it.</summary>
    Build,

    /// <summary>Lets people have a release or a feature, and decides that they may.</summary>
    Deploy,

    /// <summary>Takes a release or a feature away from people, or looks after a fault.</summary>
    Stop,

    /// <summary>Changes the rules that all of this goes by, or who may do it.</summary>
    Administer,
}

/// <summary>One permission: what it is called, what it lets someone do, and who has it.</summary>
/// <param name="Permission">Its name in the code.</param>
/// <param name="Name">Its name in scopes and documents: <c>resource:verb</c>.</param>
/// <param name="Class">What kind of access it is.</param>
/// <param name="ByEnvironment">True where it is about something in one environment, so that it may be held in one and not in another.</param>
/// <param name="Sentence">What it lets someone do.</param>
/// <param name="Roles">Who has it. Service tokens are among them where a scope may hold it.</param>
public sealed record PermissionRow(Permission Permission, string Name, AccessClass Class, bool ByEnvironment, string Sentence, IReadOnlyList<Role> Roles)
{
    /// <summary>What it is about.</summary>
    public string Resource => Name[..Name.IndexOf(':', StringComparison.Ordinal)];

    /// <summary>What it lets someone do to it.</summary>
    public string Verb => Name[(Name.IndexOf(':', StringComparison.Ordinal) + 1)..];

    /// <summary>Its full name, with the place where an environment is named: <c>environment:resource:verb</c>, or <c>*:resource:verb</c> where it holds in all of them.</summary>
    public string FullName => $"{(ByEnvironment ? "environment" : AccessScope.AnyEnvironment)}:{Name}";
}
