using System.Buffers;
using OpsConsole.Core.Switches;

namespace OpsConsole.Web.Api;

/// <summary>Reads the body of a flag evaluation, never more of it than <see cref="ContextReader.MaxBytes"/>.</summary>
internal static class FlagRequest
{
    /// <summary>The context, or what is wrong with the body in the terms of the OpenFeature Remote Evaluation Protocol.</summary>
    public static async ValueTask<(EvaluationContext? Context, ContextFault? Fault)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellationToken);
            if (read.IsCompleted || read.Buffer.Length > ContextReader.MaxBytes)
            {
                var context = Read(read.Buffer);
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return context;
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static (EvaluationContext? Context, ContextFault? Fault) Read(ReadOnlySequence<byte> body) =>
        ContextReader.Read(body.IsSingleSegment ? body.FirstSpan : body.Slice(0, Math.Min(body.Length, ContextReader.MaxBytes + 1)).ToArray());
}
