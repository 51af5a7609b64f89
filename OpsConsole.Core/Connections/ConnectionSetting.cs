namespace OpsConsole.Core.Connections;

/// <summary>What form a setting has.</summary>
public enum SettingForm
{
    Text,

    /// <summary>Never shown, logged or stored.</summary>
    Secret,

    /// <summary>Absolute http or https address.</summary>
    Address,

    /// <summary>Path of a file of the console's machine that holds a secret: whoever may name one could have any file sent, so only the configuration does.</summary>
    SecretFile,
}

/// <summary>One setting of a kind of target or source.</summary>
/// <param name="Name">As the configuration names it.</param>
/// <param name="Sentence">What it is, for people.</param>
/// <param name="Form">What form it has.</param>
/// <param name="Default">What holds where it is left out; null: nothing.</param>
/// <param name="IsRequired">Whether it may be left out.</param>
public sealed record ConnectionSetting(string Name, string Sentence, SettingForm Form = SettingForm.Text, string? Default = null, bool IsRequired = true);
