namespace Prometheus.Synthetic.Storage.Market.Reading;

/// <param name="Factors">Factor ids named by <c>training_data_spec.factors</c>; null when it names none.</param>
internal sealed record ModelRow(string ModelId, string? Engine, string? Type, IReadOnlyList<string>? Factors);
