namespace Prometheus.Synthetic.Storage.Market.Reading;

/// <param name="Day">Day number.</param>
/// <param name="Confidence">NaN where the model gives none.</param>
internal sealed record RegimeRow(int Day, string Label, double Confidence);
