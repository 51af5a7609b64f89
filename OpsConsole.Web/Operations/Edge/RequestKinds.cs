namespace OpsConsole.Web.Operations.Edge;

/// <summary>How requests to an endpoint are counted; what names nothing is an ordinary one.</summary>
internal enum RequestKind
{
    Ordinary,

    /// <summary>Makes a bad release or feature stop. Ordinary requests cannot use up its budget.</summary>
    Stop,

    /// <summary>Reads or computes much: few of them run at once, and they are ordinary ones besides.</summary>
    Long,

    /// <summary>Has limits of its own, or must always be answered.</summary>
    Free,
}

/// <summary>Says of an endpoint how requests to it are counted.</summary>
internal sealed record RequestKindMetadata(RequestKind Kind);

/// <summary>Names the kinds where endpoints are mapped.</summary>
internal static class RequestKinds
{
    public static TBuilder Stops<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new RequestKindMetadata(RequestKind.Stop));

    public static TBuilder TakesLong<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new RequestKindMetadata(RequestKind.Long));

    public static TBuilder IsNotLimited<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new RequestKindMetadata(RequestKind.Free));

    public static RequestKind Of(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<RequestKindMetadata>()?.Kind ?? RequestKind.Ordinary;
}
