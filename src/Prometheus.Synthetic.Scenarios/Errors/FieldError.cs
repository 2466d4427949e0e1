namespace Prometheus.Synthetic.Scenarios.Errors;

/// <summary>One thing that is wrong with what was asked or with the data it met.</summary>
/// <param name="Code">Stable kebab-case name of the kind of error, e.g. <c>out-of-range</c>; see docs/conventions.md.</param>
/// <param name="Field">Path of the field in the request as the caller wrote it, e.g. <c>generator_spec.block_length</c>.</param>
/// <param name="Message">One sentence: what was given, what is allowed, what to do.</param>
public sealed record FieldError(string Code, string Field, string Message)
{
    public override string ToString() => $"{Field}: {Message} [{Code}]";
}
