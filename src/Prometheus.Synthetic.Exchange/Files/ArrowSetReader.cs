using Apache.Arrow;
using Apache.Arrow.Ipc;

namespace Prometheus.Synthetic.Exchange.Files;

/// <summary>Reads Arrow IPC files of either layout, record batch by record batch; columns may come in any order.</summary>
internal static class ArrowSetReader
{
    public static async Task<SetFileHeader?> ReadAsync(Stream stream, RowSink sink, CancellationToken ct)
    {
        using var reader = new ArrowFileReader(stream, leaveOpen: true);
        int batches = await reader.RecordBatchCountAsync();
        Schema schema = reader.Schema;
        SetFileHeader? header =
            schema.Metadata is { } metadata && metadata.TryGetValue(SetFileHeader.Key, out string? json)
                ? SetFileHeader.Parse(json)
                : null;
        string[] names = [.. schema.FieldsList.Select(f => f.Name)];
        bool cells = names.Contains(SetFileColumns.Step, StringComparer.Ordinal);
        string? value = cells
            ? names.FirstOrDefault(k => k is SetFileColumns.Return or SetFileColumns.ReturnAlias)
            : SetFileColumns.Returns;
        SetFile.Require(names, SetFileColumns.Path, value ?? SetFileColumns.Return);
        long row = 0;
        for (int b = 0; b < batches; b++)
        {
            using RecordBatch batch = await reader.ReadRecordBatchAsync(b, ct);
            IArrowArray? Column(string name) =>
                names.Contains(name, StringComparer.Ordinal) ? batch.Column(name) : null;
            IArrowArray paths = Column(SetFileColumns.Path)!;
            IArrowArray? steps = Column(SetFileColumns.Step);
            StringArray? instruments = Texts(Column(SetFileColumns.Instrument), SetFileColumns.Instrument);
            StringArray? factors = Texts(Column(SetFileColumns.Factor), SetFileColumns.Factor);
            StringArray? macros = Texts(Column(SetFileColumns.Macro), SetFileColumns.Macro);
            StringArray? notes = Texts(Column(SetFileColumns.Annotation), SetFileColumns.Annotation);
            IArrowArray values = Column(value!)!;
            for (int i = 0; i < batch.Length; i++)
            {
                row++;
                int path = Integer(paths, i, SetFileColumns.Path);
                if (notes?.GetString(i) is { Length: > 0 } note)
                    sink.AddAnnotation(row, path, note);
                if (cells)
                    sink.AddCell(
                        row,
                        path,
                        Integer(steps!, i, SetFileColumns.Step),
                        instruments?.GetString(i),
                        factors?.GetString(i),
                        macros?.GetString(i),
                        Number(values, i)
                    );
                else
                    sink.AddArray(
                        row,
                        path,
                        instruments?.GetString(i),
                        factors?.GetString(i),
                        macros?.GetString(i),
                        Numbers(values, i)
                    );
                if (sink.Full)
                    await sink.DrainAsync(ct);
            }
        }

        return header;
    }

    private static StringArray? Texts(IArrowArray? column, string name) =>
        column switch
        {
            null => null,
            StringArray texts => texts,
            _ => throw SetFile.Refused($"column '{name}' is no column of text (utf8)"),
        };

    /// <summary>What is empty or does not fit becomes −1, which is refused with its row.</summary>
    private static int Integer(IArrowArray column, int row, string name) =>
        column switch
        {
            Int32Array a => a.GetValue(row) ?? -1,
            Int64Array a => a.GetValue(row) is { } v and >= 0 and <= int.MaxValue ? (int)v : -1,
            Int16Array a => a.GetValue(row) ?? -1,
            _ => throw SetFile.Refused($"column '{name}' is no column of integers"),
        };

    /// <summary>What is empty becomes NaN, which is refused with its row.</summary>
    private static double Number(IArrowArray column, int row) =>
        column switch
        {
            DoubleArray a => a.GetValue(row) ?? double.NaN,
            FloatArray a => a.GetValue(row) ?? double.NaN,
            _ => throw SetFile.Refused("the column of returns is no column of floating-point numbers"),
        };

    private static ReadOnlySpan<double> Numbers(IArrowArray column, int row)
    {
        IArrowArray slice = column switch
        {
            ListArray a => a.GetSlicedValues(row),
            FixedSizeListArray a => a.GetSlicedValues(row),
            _ => throw SetFile.Refused("the column of returns is no column of lists"),
        };
        if (slice is DoubleArray { NullCount: 0 } doubles)
            return doubles.Values;
        double[] values = new double[slice?.Length ?? 0];
        for (int i = 0; i < values.Length; i++)
            values[i] = Number(slice!, i);
        return values;
    }
}
