namespace Prometheus.Synthetic.Scenarios.Errors;

/// <summary>The stable names of refusals. A consumer may switch on them; the sentence beside them is for people.</summary>
public static class ErrorCodes
{
    public const string Missing = "missing";
    public const string WrongType = "wrong-type";
    public const string OutOfRange = "out-of-range";
    public const string UnknownKey = "unknown-key";
    public const string UnknownValue = "unknown-value";
    public const string UnknownMarket = "unknown-market";
    public const string UnknownFamily = "unknown-family";
    public const string InvalidDates = "invalid-dates";
    public const string TooLittleHistory = "too-little-history";
    public const string BlockTooLong = "block-too-long";
    public const string PoolTooSmall = "pool-too-small";
    public const string OverLimit = "over-limit";
    public const string BadData = "bad-data";
    public const string ConstantSeries = "constant-series";
    public const string SingularCovariance = "singular-covariance";
    public const string MissingExposure = "missing-exposure";
    public const string NoTargets = "no-targets";
    public const string ZeroExposure = "zero-exposure";
    public const string Infeasible = "infeasible";
    public const string NotConverged = "not-converged";
    public const string TooFewExceedances = "too-few-exceedances";
    public const string DegenerateDependence = "degenerate-dependence";
    public const string Conflict = "conflict";
    public const string NotFound = "not-found";
    public const string WrongState = "wrong-state";
    public const string DefensiveMarking = "defensive-marking";
}
