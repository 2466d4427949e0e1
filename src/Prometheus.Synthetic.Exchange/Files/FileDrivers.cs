using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Exchange.Files;

/// <summary>The drivers that the rows of a file name, numbered as they come.</summary>
internal sealed class FileDrivers
{
    private readonly Dictionary<(DriverKind Kind, string Id), int> _numbers = [];
    private readonly List<(DriverKind Kind, string Id)> _byNumber = [];

    public int Count => _byNumber.Count;

    /// <summary>In canonical order: by kind, then by id.</summary>
    public IReadOnlyList<(DriverKind Kind, string Id)> Canonical =>
        [.. _byNumber.OrderBy(d => d.Kind).ThenBy(d => d.Id, StringComparer.Ordinal)];

    public (DriverKind Kind, string Id) this[int number] => _byNumber[number];

    /// <summary>The driver that one id of three names; null when it is not exactly one.</summary>
    public static (DriverKind Kind, string Id)? Key(string? instrument, string? factor, string? macro) =>
        (string.IsNullOrEmpty(instrument), string.IsNullOrEmpty(factor), string.IsNullOrEmpty(macro)) switch
        {
            (false, true, true) => (DriverKind.Instrument, instrument!),
            (true, false, true) => (DriverKind.Factor, factor!),
            (true, true, false) => (DriverKind.Macro, macro!),
            _ => null,
        };

    public int NumberOf((DriverKind Kind, string Id) driver)
    {
        if (!_numbers.TryGetValue(driver, out int number))
        {
            _numbers[driver] = number = _byNumber.Count;
            _byNumber.Add(driver);
        }

        return number;
    }
}
