using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using OpsConsole.Core.Access;
using OpsConsole.Core.Catalog;
using OpsConsole.Core.Switches;
using OpsConsole.Web.Identity;

namespace OpsConsole.Web.Api;

/// <summary>Who asks for flags, and whose: what a request tells before its body is read.</summary>
/// <param name="By">The token's holder.</param>
/// <param name="Environment">Whose flags are asked for.</param>
/// <param name="Place">Tells the readers of a token apart that bring no id of the console's: from the token, the address and the header <c>X-Client-Id</c>.</param>
internal readonly record struct OfrepReader(Operator By, string Environment, ulong Place)
{
    /// <summary>Read where a token names none.</summary>
    public const string DefaultEnvironment = "production";

    /// <summary>By which tokens that are no flag client's name an environment.</summary>
    public const string EnvironmentHeader = "X-Environment";

    /// <summary>By which server-side clients behind one address tell themselves apart. At most 128 characters of it count.</summary>
    public const string ClientHeader = "X-Client-Id";

    private const int MaxClientLength = 128;

    /// <summary>What the token is counted under.</summary>
    public string Token => By.FlagClient?.ToString("N") ?? By.Name;

    /// <summary>The id of a reader that was not given one.</summary>
    public string PlaceId => Place.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>The reader, or the answer to give instead.</summary>
    public static (OfrepReader Reader, int Status, string? Problem) Of(HttpContext context)
    {
        var by = context.User.ToOperator()!;
        var named = context.Request.Query["environment"].ToString() is { Length: > 0 } query ? query : context.Request.Headers[EnvironmentHeader].ToString();
        if (named.Length > 0 && !CatalogName.IsValid(named))
        {
            return (default, StatusCodes.Status400BadRequest, $"The environment's name needs {CatalogName.Form}.");
        }

        // A token that said otherwise than its holder thinks must not answer for another place without a word.
        if (by.Environment is { } own && named.Length > 0 && named != own)
        {
            return (default, StatusCodes.Status403Forbidden, $"This token reads the flags of {own} and no others.");
        }

        var environment = by.Environment ?? (named.Length > 0 ? named : DefaultEnvironment);
        return (new OfrepReader(by, environment, PlaceOf(context, by)), StatusCodes.Status200OK, null);
    }

    /// <summary>As <see cref="Place"/>, of a reader that asks for one flag: each flag that it asks for has its own answer to hear of.</summary>
    public ulong PlaceFor(string key)
    {
        var bytes = Encoding.UTF8.GetBytes(key);
        return Place ^ (((ulong)FlagBuckets.Murmur3(bytes, 3) << 32) | FlagBuckets.Murmur3(bytes, 4));
    }

    private static ulong PlaceOf(HttpContext context, Operator by)
    {
        var client = context.Request.Headers[ClientHeader].ToString();
        Span<byte> bytes = stackalloc byte[64 + 16 + (3 * MaxClientLength)];
        var length = by.FlagClient is { } id && id.TryWriteBytes(bytes) ? 16 : Encoding.UTF8.GetBytes(by.Name.AsSpan(0, Math.Min(by.Name.Length, 20)), bytes);
        if (context.Connection.RemoteIpAddress is { } address && address.TryWriteBytes(bytes[length..], out var written))
        {
            length += written;
        }

        length += Encoding.UTF8.GetBytes(client.AsSpan(0, Math.Min(client.Length, MaxClientLength)), bytes[length..]);
        Span<byte> hash = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(hash, FlagBuckets.Murmur3(bytes[..length], 1));
        BinaryPrimitives.WriteUInt32LittleEndian(hash[4..], FlagBuckets.Murmur3(bytes[..length], 2));
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }
}
