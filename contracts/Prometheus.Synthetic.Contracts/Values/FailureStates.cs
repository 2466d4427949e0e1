namespace Prometheus.Synthetic.Contracts;

/// <summary>Values of <c>state</c> of a generation that ended without a set.</summary>
public static class FailureStates
{
    /// <summary>Work was begun and could not be finished.</summary>
    public const string Failed = "FAILED";

    /// <summary>An operator or a newer event called it off.</summary>
    public const string Cancelled = "CANCELLED";

    /// <summary>The request or the data it met are not acceptable; no work was begun.</summary>
    public const string Refused = "REFUSED";

    public static IReadOnlyList<string> All { get; } = [Failed, Cancelled, Refused];
}
