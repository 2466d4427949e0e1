using System.Globalization;
using System.IO.Compression;
using System.Text;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Numerics;
using Sylvan.Data.Csv;

namespace Prometheus.Synthetic.Storage.Market.Import;

/// <summary>
/// Reads a CSV (plain or gzip, comma, semicolon or tab) into series, rejecting what cannot be. The whole file is held in
/// memory, about 30 bytes a cell: series must be sorted and checked for duplicates before anything is stored.
/// </summary>
internal sealed class CsvSeriesFile
{
    // A daily return of +99,900 %: a decimal point or a split gone wrong, never a market.
    private const double LargestReturn = 999;
    private const int BufferSize = 1 << 20;
    private const int ProgressEvery = 512;

    private readonly string _file;
    private readonly ImportOptions _options;
    private readonly RejectLog _rejects;
    private readonly Dictionary<string, SeriesBuffer> _series = new(StringComparer.Ordinal);
    private SeriesBuffer[] _wide = [];
    private string[] _header = [];

    private CsvSeriesFile(string file, ImportOptions options, RejectLog rejects) =>
        (_file, _options, _rejects) = (file, options, rejects);

    public ImportDetection Detection { get; private set; } = null!;

    public int Lines { get; private set; }

    public long Accepted { get; private set; }

    public long Missing { get; private set; }

    /// <summary>Series by name as written, days ascending, duplicates rejected, empty ones left out.</summary>
    public IReadOnlyList<SeriesBuffer> Series { get; private set; } = [];

    /// <exception cref="ScenarioRefusedException">The file is not there, not a CSV, has no date column or no usable cell.</exception>
    public static async Task<CsvSeriesFile> ReadAsync(
        string path,
        ImportOptions options,
        RejectLog rejects,
        IProgress<ImportProgress>? progress,
        CancellationToken ct
    )
    {
        string file = Path.GetFileName(path);
        if (!File.Exists(path))
            throw new ScenarioRefusedException(
                ErrorCodes.NotFound,
                path,
                Directory.Exists(path) ? "is a folder; name a CSV file" : "there is no such file; check the path"
            );
        var read = new CsvSeriesFile(file, options, rejects);
        try
        {
            await using FileStream raw = File.OpenRead(path);
            bool packed = await GzipFile.IsGzipAsync(raw, ct);
            if (packed)
                await GzipFile.RequireWholeAsync(raw, ct);
            await using Stream content = packed ? new GZipStream(raw, CompressionMode.Decompress) : raw;
            using var text = new StreamReader(content, new UTF8Encoding(false, throwOnInvalidBytes: true));
            await read.ReadAsync(text, raw, progress, ct);
        }
        catch (CsvFormatException e)
        {
            throw new ScenarioRefusedException(
                ErrorCodes.BadData,
                $"{file}:{e.RowNumber + 1}",
                $"the file is no well-formed CSV here ({Plain(e.Message)}); look for an unclosed quote"
            );
        }
        catch (Exception e) when (e is InvalidDataException or DecoderFallbackException or EndOfStreamException)
        {
            throw new ScenarioRefusedException(
                ErrorCodes.BadData,
                $"{file}:{read.Lines + 1}",
                $"the file cannot be read on ({Plain(e.Message)}); it is truncated, or neither UTF-8 text nor gzip"
            );
        }

        read.Finish();
        return read;
    }

    private async Task ReadAsync(
        StreamReader text,
        FileStream raw,
        IProgress<ImportProgress>? progress,
        CancellationToken ct
    )
    {
        await using CsvDataReader csv = await CsvDataReader.CreateAsync(
            text,
            new CsvDataReaderOptions
            {
                HasHeaders = false,
                BufferSize = BufferSize,
                MaxBufferSize = 8 * BufferSize,
                StringFactory = null,
            },
            ct
        );
        if (!await csv.ReadAsync(ct))
            throw new ScenarioRefusedException(
                ErrorCodes.Missing,
                $"{_file}:1",
                "the file is empty; the first line names the columns"
            );
        _header = [.. Enumerable.Range(0, csv.RowFieldCount).Select(i => csv.GetString(i).Trim())];
        var sample = new List<string[]>();
        while (sample.Count < ImportDetection.SampleSize && await csv.ReadAsync(ct))
            sample.Add([.. Enumerable.Range(0, csv.RowFieldCount).Select(csv.GetString)]);
        Detection = ImportDetection.Decide(_file, _header, sample, _options);
        if (Detection.Layout == ImportLayout.Wide)
            _wide = [.. _header.Select((name, c) => c == Detection.DateColumn ? null! : Buffer(name))];

        foreach (string[] row in sample)
        {
            Lines++;
            Accept(row, null, row.Length);
        }

        while (await csv.ReadAsync(ct))
        {
            Lines++;
            Accept(null, csv, csv.RowFieldCount);
            if (Lines % ProgressEvery == 0)
                progress?.Report(new ImportProgress("reading", (double)raw.Position / Math.Max(1, raw.Length)));
        }

        progress?.Report(new ImportProgress("reading", 1));
    }

    private void Accept(string[]? buffered, CsvDataReader? csv, int fields)
    {
        int line = Lines + 1;
        if (fields <= 1 && (fields == 0 || Cell(0).IsWhiteSpace()))
            return;
        if (fields != _header.Length)
        {
            _rejects.Add(line, string.Empty, $"{fields} fields", $"the header has {_header.Length} fields");
            return;
        }

        ReadOnlySpan<char> dateText = Cell(Detection.DateColumn);
        if (!CellText.TryDate(dateText, out DateOnly date))
        {
            _rejects.Add(line, _header[Detection.DateColumn], dateText, "no date as yyyy-MM-dd");
            return;
        }

        if (Detection.Layout == ImportLayout.Wide)
        {
            for (int c = 0; c < fields; c++)
            {
                if (c != Detection.DateColumn)
                    AcceptValue(_wide[c], line, _header[c], Cell(c), date.DayNumber);
            }

            return;
        }

        string id = Cell(Detection.IdColumn).Trim().ToString();
        if (id.Length == 0)
        {
            _rejects.Add(line, _header[Detection.IdColumn], string.Empty, "no id");
            return;
        }

        (int Index, TidyColumn Meaning)[] main =
        [
            .. Detection.ValueColumns.Where(v => ImportDetection.Carries(v.Meaning, Detection.Values)),
        ];
        // Adjusted closes make returns; without one the close is both.
        int value = main.FirstOrDefault(v => v.Meaning == TidyColumn.AdjustedClose, main[0]).Index;
        SeriesBuffer series = Buffer(id);
        if (
            AcceptValue(series, line, _header[value], Cell(value), date.DayNumber)
            && Detection is { Values: ImportValues.Prices, ValueColumns.Count: > 1 }
        )
            series.Bars.Add(Bar());

        ReadOnlySpan<char> Cell(int i) => buffered is null ? csv!.GetFieldSpan(i) : buffered[i];

        PriceBar Bar()
        {
            double own = series.Values[^1];
            double Field(TidyColumn meaning, double fallback)
            {
                foreach ((int index, TidyColumn m) in Detection.ValueColumns)
                {
                    if (m != meaning || index == value)
                        continue;
                    ReadOnlySpan<char> cell = Cell(index);
                    if (CellText.IsMissing(cell))
                        return double.NaN;
                    if (
                        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double x)
                        && x >= 0
                        && double.IsFinite(x)
                    )
                        return x;
                    _rejects.Add(line, _header[index], cell, "not a number of at least 0");
                    return double.NaN;
                }

                return fallback;
            }

            return new PriceBar(
                Field(TidyColumn.Open, double.NaN),
                Field(TidyColumn.High, double.NaN),
                Field(TidyColumn.Low, double.NaN),
                Field(TidyColumn.Close, own),
                Field(TidyColumn.Volume, double.NaN)
            );
        }
    }

    private bool AcceptValue(SeriesBuffer series, int line, string column, ReadOnlySpan<char> cell, int day)
    {
        if (CellText.IsMissing(cell))
        {
            Missing++;
            return false;
        }

        if (!double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double x))
            return Refuse(cell, "not a number");
        if (!double.IsFinite(x))
            return Refuse(cell, "not a finite number");
        if (_options.Percent && Detection.Values is ImportValues.Returns or ImportValues.LogReturns)
            x /= 100;
        switch (Detection.Values)
        {
            case ImportValues.Prices when x <= 0:
                return Refuse(cell, "price not above zero");
            case ImportValues.LogReturns:
                x = StableMath.Exp(x) - 1.0;
                break;
        }

        if (Detection.Values is ImportValues.Returns or ImportValues.LogReturns)
        {
            if (x <= -1.0)
                return Refuse(cell, "return not above -1");
            if (x > LargestReturn)
                return Refuse(cell, "return above 99,900 %");
        }

        series.Days.Add(day);
        series.Values.Add(x);
        series.Lines.Add(line);
        Accepted++;
        return true;

        bool Refuse(ReadOnlySpan<char> value, string reason)
        {
            _rejects.Add(line, column, value, reason);
            return false;
        }
    }

    private void Finish()
    {
        foreach (SeriesBuffer series in _series.Values)
        {
            foreach (int line in series.SortAndRemoveDuplicates())
            {
                Accepted--;
                _rejects.Add(line, series.Name, string.Empty, "second value of the series on this date");
            }
        }

        Series = [.. _series.Values.Where(s => s.Days.Count > 0).OrderBy(s => s.Name, StringComparer.Ordinal)];
        if (Series.Count == 0)
        {
            RejectSummary rejected = _rejects.Summary();
            throw new ScenarioRefusedException(
                ErrorCodes.BadData,
                _file,
                rejected.Total == 0
                    ? "holds no values"
                    : $"holds no usable value; {rejected.Total} rejected, first: {rejected.First[0]}"
            );
        }
    }

    private SeriesBuffer Buffer(string name)
    {
        if (!_series.TryGetValue(name, out SeriesBuffer? series))
            _series[name] = series = new SeriesBuffer(name);
        return series;
    }

    private static string Plain(string message) => message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
}
