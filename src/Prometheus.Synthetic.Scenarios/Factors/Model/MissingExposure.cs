namespace Prometheus.Synthetic.Scenarios.Factors.Model;

/// <summary>What is done with an instrument that lacks a registered exposure.</summary>
public enum MissingExposure
{
    /// <summary>The request is refused, naming the instruments.</summary>
    Refuse,

    /// <summary>All exposures of the instrument are estimated by regression over the pool.</summary>
    Estimate,

    /// <summary>The missing exposures are taken as 0.</summary>
    Zero,

    /// <summary>The instrument is left out of the set.</summary>
    Drop,
}
