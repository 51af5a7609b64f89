namespace OpsConsole.Core.Policies.Text;

/// <summary>The JSON schema of policies for editors (docs/policy.schema.json).</summary>
public static class PolicySchema
{
    /// <summary>The schema as UTF-8.</summary>
    public static ReadOnlyMemory<byte> Json { get; } = Read();

    private static byte[] Read()
    {
        using var stream = typeof(PolicySchema).Assembly.GetManifestResourceStream("policy.schema.json")
            ?? throw new InvalidOperationException("The schema is not part of this build.");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
