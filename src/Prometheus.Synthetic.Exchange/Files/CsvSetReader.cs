using System.Globalization;
using System.Text;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Generation;
using Sylvan.Data.Csv;

namespace Prometheus.Synthetic.Exchange.Files;

/// <summary>Reads CSV files of either layout; columns may come in any order, the header line is optional.</summary>
internal static class CsvSetReader
{
    public static async Task<SetFileHeader?> ReadAsync(Stream stream, RowSink sink, CancellationToken ct)
    {
        using var text = new StreamReader(stream, new UTF8Encoding(false, throwOnInvalidBytes: true), leaveOpen: true);
        string? json = null;
        while (text.Peek() == '#' && await text.ReadLineAsync(ct) is { } line)
        {
            if (line.StartsWith(CsvSetWriter.HeaderMark, StringComparison.Ordinal))
                json ??= line[CsvSetWriter.HeaderMark.Length..];
        }

        var options = new CsvDataReaderOptions { BufferSize = 1 << 20 };
        await using CsvDataReader csv = await CsvDataReader.CreateAsync(text, options, ct);
        string[] names = [.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetName)];
        var columns = new Columns(names);
        var steps = new double[columns.Steps.Length];
        long row = 0;
        while (await csv.ReadAsync(ct))
        {
            row++;
            if (csv.RowFieldCount != names.Length)
            {
                sink.Refuse(ErrorCodes.BadData, "file", row, $"{csv.RowFieldCount} fields instead of {names.Length}");
                continue;
            }

            int path = Integer(csv, columns.Path);
            if (Text(csv, columns.Annotation) is { Length: > 0 } note)
                sink.AddAnnotation(row, path, note);
            string? instrument = Text(csv, columns.Instrument);
            string? factor = Text(csv, columns.Factor);
            string? macro = Text(csv, columns.Macro);
            if (columns.Step >= 0)
                sink.AddCell(
                    row,
                    path,
                    Integer(csv, columns.Step),
                    instrument,
                    factor,
                    macro,
                    Number(csv, columns.Return)
                );
            else
            {
                for (int i = 0; i < steps.Length; i++)
                    steps[i] = Number(csv, columns.Steps[i]);
                sink.AddArray(row, path, instrument, factor, macro, steps);
            }

            if (sink.Full)
                await sink.DrainAsync(ct);
        }

        return json is null ? null : SetFileHeader.Parse(json);
    }

    private static string? Text(CsvDataReader csv, int column) => column < 0 ? null : csv.GetString(column);

    /// <summary>What is no whole number becomes −1, which is refused with its row.</summary>
    private static int Integer(CsvDataReader csv, int column) =>
        int.TryParse(csv.GetFieldSpan(column), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int v)
            ? v
            : -1;

    /// <summary>What is no number becomes NaN, which is refused with its row.</summary>
    private static double Number(CsvDataReader csv, int column) =>
        double.TryParse(csv.GetFieldSpan(column), NumberStyles.Float, CultureInfo.InvariantCulture, out double v)
            ? v
            : double.NaN;

    /// <summary>Where each column is; −1 where it is not.</summary>
    private sealed class Columns
    {
        public Columns(string[] names)
        {
            int At(string name) => Array.IndexOf(names, name);
            Path = At(SetFileColumns.Path);
            Step = At(SetFileColumns.Step);
            Instrument = At(SetFileColumns.Instrument);
            Factor = At(SetFileColumns.Factor);
            Macro = At(SetFileColumns.Macro);
            Annotation = At(SetFileColumns.Annotation);
            Return = Math.Max(At(SetFileColumns.Return), At(SetFileColumns.ReturnAlias));
            Steps =
            [
                .. Enumerable
                    .Range(1, GenerationShape.MaxHorizonDays + 1)
                    .Select(h => At(string.Create(CultureInfo.InvariantCulture, $"h{h}")))
                    .TakeWhile(at => at >= 0),
            ];
            SetFile.Require(names, SetFileColumns.Path);
            if (Step >= 0 && Return < 0)
                SetFile.Require(names, SetFileColumns.Return);
            if (Step < 0 && Steps.Length == 0)
                SetFile.Require(names, "h1");
            if (Steps.Length > GenerationShape.MaxHorizonDays)
                throw SetFile.Refused($"has more than {GenerationShape.MaxHorizonDays} steps");
        }

        public int Path { get; }
        public int Step { get; }
        public int Instrument { get; }
        public int Factor { get; }
        public int Macro { get; }
        public int Annotation { get; }
        public int Return { get; }
        public int[] Steps { get; }
    }
}
