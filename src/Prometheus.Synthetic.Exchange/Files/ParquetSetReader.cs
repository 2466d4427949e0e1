using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace Prometheus.Synthetic.Exchange.Files;

/// <summary>
/// Reads Parquet files of either layout, row group by row group; columns may come in any order. A row group is what memory
/// must hold, and its writer chose it.
/// </summary>
internal static class ParquetSetReader
{
    /// <summary>Values of a column: a gigabyte or so with what stands beside them, far above what writers do by themselves.</summary>
    private const long MaxGroupValues = 100_000_000;

    public static async Task<SetFileHeader?> ReadAsync(Stream stream, RowSink sink, CancellationToken ct)
    {
        await using ParquetReader reader = await ParquetReader.CreateAsync(stream, cancellationToken: ct);
        SetFileHeader? header = reader.CustomMetadata.TryGetValue(SetFileHeader.Key, out string? json)
            ? SetFileHeader.Parse(json)
            : null;
        DataField[] fields = reader.Schema.GetDataFields();
        // A list's values are a leaf below it: returns/list/element.
        var byName = fields.ToDictionary(f => f.Path.FirstPart!, StringComparer.Ordinal);
        bool cells = byName.ContainsKey(SetFileColumns.Step);
        string? value = cells
            ? byName.Keys.FirstOrDefault(k => k is SetFileColumns.Return or SetFileColumns.ReturnAlias)
            : SetFileColumns.Returns;
        SetFile.Require(byName.Keys, SetFileColumns.Path, value ?? SetFileColumns.Return);
        long row = 0;
        for (int g = 0; g < reader.RowGroupCount; g++)
        {
            ct.ThrowIfCancellationRequested();
            using ParquetRowGroupReader group = reader.OpenRowGroupReader(g);
            if (group.RowGroup.Columns.Max(c => c.MetaData?.NumValues ?? 0) is > MaxGroupValues and var many)
                throw SetFile.Refused(
                    $"has {many} values of a column in row group {g}; at most {MaxGroupValues} are read at once, write it in row groups of fewer rows"
                );
            int rows = checked((int)group.RowCount);
            long[] paths = await IntegersAsync(group, byName[SetFileColumns.Path], rows, ct);
            long[]? steps = cells ? await IntegersAsync(group, byName[SetFileColumns.Step], rows, ct) : null;
            string?[] instruments = await TextsAsync(group, byName, SetFileColumns.Instrument, rows, ct);
            string?[] factors = await TextsAsync(group, byName, SetFileColumns.Factor, rows, ct);
            string?[] macros = await TextsAsync(group, byName, SetFileColumns.Macro, rows, ct);
            string?[] notes = await TextsAsync(group, byName, SetFileColumns.Annotation, rows, ct);
            (double[] values, int[] starts) = await ValuesAsync(group, byName[value!], rows, ct);
            for (int i = 0; i < rows; i++)
            {
                row++;
                int path = Bounded(paths[i]);
                if (notes[i] is { Length: > 0 } note)
                    sink.AddAnnotation(row, path, note);
                if (steps is not null)
                    sink.AddCell(row, path, Bounded(steps[i]), instruments[i], factors[i], macros[i], values[i]);
                else
                    sink.AddArray(
                        row,
                        path,
                        instruments[i],
                        factors[i],
                        macros[i],
                        values.AsSpan(starts[i]..starts[i + 1])
                    );
                if (sink.Full)
                    await sink.DrainAsync(ct);
            }
        }

        return header;
    }

    /// <summary>What does not fit becomes −1, which is refused with its row.</summary>
    private static int Bounded(long value) => value is >= 0 and <= int.MaxValue ? (int)value : -1;

    private static async Task<long[]> IntegersAsync(
        ParquetRowGroupReader group,
        DataField field,
        int rows,
        CancellationToken ct
    )
    {
        using RawColumnData raw = await group.ReadRawColumnDataBaseAsync(field, ct);
        long[] values = raw switch
        {
            RawColumnData<int> i => [.. i.Values.ToArray().Select(v => (long)v)],
            RawColumnData<long> l => l.Values.ToArray(),
            RawColumnData<short> s => [.. s.Values.ToArray().Select(v => (long)v)],
            _ => throw SetFile.Refused($"column '{field.Name}' is no column of integers"),
        };
        return values.Length == rows
            ? values
            : throw SetFile.Refused($"column '{field.Name}' has empty cells; every row needs one");
    }

    private static async Task<string?[]> TextsAsync(
        ParquetRowGroupReader group,
        Dictionary<string, DataField> byName,
        string name,
        int rows,
        CancellationToken ct
    )
    {
        string?[] texts = new string?[rows];
        if (byName.TryGetValue(name, out DataField? field))
        {
            if (field.ClrType != typeof(string) && field.ClrType != typeof(ReadOnlyMemory<char>))
                throw SetFile.Refused($"column '{name}' is no column of text");
            await group.ReadAsync(field, texts.AsMemory()!, cancellationToken: ct);
        }

        return texts;
    }

    /// <summary>Values, and where each row's begin; the last start is the end.</summary>
    private static async Task<(double[] Values, int[] Starts)> ValuesAsync(
        ParquetRowGroupReader group,
        DataField field,
        int rows,
        CancellationToken ct
    )
    {
        using RawColumnData raw = await group.ReadRawColumnDataBaseAsync(field, ct);
        double[] values = raw switch
        {
            RawColumnData<double> d => d.Values.ToArray(),
            RawColumnData<float> f => [.. f.Values.ToArray().Select(v => (double)v)],
            _ => throw SetFile.Refused($"column '{field.Path.FirstPart}' is no column of floating-point numbers"),
        };
        int[] starts = new int[rows + 1];
        if (field.MaxRepetitionLevel == 0)
        {
            for (int i = 0; i <= rows; i++)
                starts[i] = i;
        }
        else
        {
            int row = 0;
            ReadOnlySpan<int> levels = raw.RepetitionLevels;
            // Nulls and empty lists have a level but no value: then values and levels do not match.
            for (int i = 0; i < levels.Length; i++)
            {
                if (levels[i] == 0 && row < rows)
                    starts[row++] = i;
            }

            starts[rows] = levels.Length;
            if (levels.Length != values.Length)
                throw SetFile.Refused($"column '{field.Path.FirstPart}' has empty lists or empty cells in lists");
        }

        return starts[rows] == values.Length
            ? (values, starts)
            : throw SetFile.Refused($"column '{field.Path.FirstPart}' has empty cells; every row needs a value");
    }
}
