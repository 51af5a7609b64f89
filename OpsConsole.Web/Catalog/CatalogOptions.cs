namespace OpsConsole.Web.Catalog;

/// <summary>How a change of the catalogue's files comes into force.</summary>
public enum CatalogApply
{
    /// <summary>Someone who may looks at what differs and applies it.</summary>
    ByHand,

    /// <summary>The console applies what is sound and has stood for two looks: for a folder that is reviewed before it gets here.</summary>
    AtOnce,
}

/// <summary>The catalogue of services, section <c>OpsConsole:Catalog</c>.</summary>
public sealed class CatalogOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "OpsConsole:Catalog";

    /// <summary>Folder with one file <c>*.yaml</c> for each service. A relative path starts at the data folder.</summary>
    public string Folder { get; set; } = "catalog";

    /// <summary>How a change of the files comes into force: applied by a person, or at once.</summary>
    public CatalogApply Apply { get; set; } = CatalogApply.ByHand;
}
