using System.Runtime.InteropServices;
using System.Text;
using System.Xml;

namespace OpsConsole.Core.Gates.Evidence.Documents;

/// <summary>Opens XML so that it can only be read: no document type, no entities, nothing fetched, nothing without end.</summary>
internal static class XmlText
{
    /// <summary>Deepest nesting of elements.</summary>
    public const int MaxDepth = 64;

    /// <summary>Most attributes of an element.</summary>
    public const int MaxAttributes = 100;

    /// <summary>Longest value of an attribute.</summary>
    public const int MaxAttributeLength = 256 * 1024;

    /// <summary>How far into a document its document type is looked for.</summary>
    private const int Prologue = 4096;

    private static readonly byte[] DocumentType = "<!DOCTYPE"u8.ToArray();

    /// <summary>Reads a document element by element.</summary>
    /// <param name="document">The whole of it.</param>
    /// <param name="plainDocumentType">True: a document type that only names a file is passed over, which is never fetched. One with declarations of its own is refused all the same.</param>
    /// <param name="element">Called with the reader on each start of an element.</param>
    /// <param name="end">Called with the depth of each element that ends, also of an empty one.</param>
    /// <param name="text">Called with each piece of text.</param>
    /// <exception cref="UnreadableEvidenceException">It is not XML, or more than may be.</exception>
    public static void Read(ReadOnlyMemory<byte> document, bool plainDocumentType, Action<XmlReader> element, Action<int>? end = null, Action<XmlReader>? text = null)
    {
        using var stream = MemoryMarshal.TryGetArray(document, out var bytes)
            ? new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false)
            : new MemoryStream(document.ToArray(), writable: false);
        try
        {
            using var reader = XmlReader.Create(stream, Settings(plainDocumentType && IsPlain(document.Span)));
            while (reader.Read())
            {
                switch (reader.NodeType)
                {
                    case XmlNodeType.Element:
                        Check(reader);
                        var (depth, empty) = (reader.Depth, reader.IsEmptyElement);
                        element(reader);
                        if (empty)
                        {
                            end?.Invoke(depth);
                        }

                        break;
                    case XmlNodeType.EndElement:
                        end?.Invoke(reader.Depth);
                        break;
                    case XmlNodeType.Text or XmlNodeType.CDATA:
                        text?.Invoke(reader);
                        break;
                }
            }
        }
        catch (XmlException e)
        {
            throw new UnreadableEvidenceException(Sentence(e), e.LineNumber == 0 ? null : e.LineNumber, e.LinePosition == 0 ? null : e.LinePosition);
        }
        catch (Exception e) when (e is DecoderFallbackException or ArgumentException or NotSupportedException)
        {
            throw new UnreadableEvidenceException("The XML is not in the encoding that it says it is in.");
        }
    }

    /// <summary>An attribute's value without outer white space; null where it is not there.</summary>
    public static string? Attribute(this XmlReader reader, string name) => reader.GetAttribute(name)?.Trim();

    /// <summary>Refuses a document at the place that the reader is at.</summary>
    public static UnreadableEvidenceException Fault(this XmlReader reader, string sentence)
    {
        var at = reader as IXmlLineInfo;
        return new(sentence, at?.LineNumber, at?.LinePosition);
    }

    private static XmlReaderSettings Settings(bool passOver) => new()
    {
        DtdProcessing = passOver ? DtdProcessing.Ignore : DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersFromEntities = 1024,
        MaxCharactersInDocument = 64 * 1024 * 1024,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
    };

    private static void Check(XmlReader reader)
    {
        if (reader.Depth >= MaxDepth)
        {
            throw reader.Fault($"The XML is nested deeper than {MaxDepth} elements.");
        }

        if (reader.AttributeCount > MaxAttributes)
        {
            throw reader.Fault($"An element has more than {MaxAttributes} attributes.");
        }

        for (var i = 0; i < reader.AttributeCount; i++)
        {
            if (reader.GetAttribute(i).Length > MaxAttributeLength)
            {
                throw reader.Fault($"An attribute is longer than {MaxAttributeLength / 1024} Ki characters.");
            }
        }
    }

    private static bool IsPlain(ReadOnlySpan<byte> document)
    {
        var start = document[..Math.Min(document.Length, Prologue)].IndexOf(DocumentType);
        if (start < 0)
        {
            return false;
        }

        var rest = document[start..];
        var end = rest.IndexOf((byte)'>');
        return end > 0 && rest[..end].IndexOf((byte)'[') < 0;
    }

    private static string Sentence(XmlException e) => e.Message.Contains("DTD", StringComparison.Ordinal) || e.Message.Contains("entity", StringComparison.OrdinalIgnoreCase)
        ? "The XML has a document type or entities, which are not read."
        : "The XML is malformed, or not in the encoding that it says it is in.";
}
