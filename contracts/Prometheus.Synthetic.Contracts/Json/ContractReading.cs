namespace Prometheus.Synthetic.Contracts.Json;

/// <summary>What came of reading a body.</summary>
/// <param name="Message">
/// What could be read. With errors: the message without its wrong members, so that the answer can still name what the
/// sender meant; null when nothing could be made of it.
/// </param>
/// <param name="Errors">Everything that is wrong with the types of the body, in its order; empty when all is well.</param>
public sealed record ContractReading<T>(T? Message, IReadOnlyList<GenerationError> Errors)
    where T : class
{
    public bool Ok => Errors.Count == 0;
}
