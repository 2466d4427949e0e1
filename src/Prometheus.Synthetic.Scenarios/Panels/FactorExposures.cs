namespace Prometheus.Synthetic.Scenarios.Panels;

/// <summary>
/// Exposures B of the panel's instruments to its factors, as registered for the as-of date. Row i belongs to the i-th
/// instrument driver of the panel, column f to the f-th factor driver; NaN marks an exposure that is not registered.
/// </summary>
/// <param name="ModelId">Factor model id (a row of the model registry).</param>
/// <param name="ExposureDate">The date the exposures were taken from (at or before the as-of date).</param>
/// <param name="Values">Row-major, instruments × factors.</param>
public sealed record FactorExposures(string ModelId, DateOnly ExposureDate, double[] Values);
