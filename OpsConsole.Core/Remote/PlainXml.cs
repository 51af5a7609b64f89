using System.Xml;
using System.Xml.Linq;

namespace OpsConsole.Core.Remote;

/// <summary>Reads XML that somebody else wrote: without document types, and no deeper than needed.</summary>
internal static class PlainXml
{
    private const int MaxDepth = 64;

    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = RemoteHttp.MaxAnswer };

    /// <summary>The document with its white space, or null where the text is none.</summary>
    public static XDocument? Read(string text)
    {
        // A mark of the byte order is no part of the text.
        var plain = text.TrimStart('\uFEFF');
        try
        {
            using (var looked = XmlReader.Create(new StringReader(plain), Settings))
            {
                while (looked.Read())
                {
                    if (looked.Depth > MaxDepth)
                    {
                        return null;
                    }
                }
            }

            using var reader = XmlReader.Create(new StringReader(plain), Settings);
            return XDocument.Load(reader, LoadOptions.PreserveWhitespace);
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
