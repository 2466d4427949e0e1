using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;

namespace Prometheus.Synthetic.Exchange.Files;

/// <summary>Arrow IPC file: one record batch per block, the header in the schema's metadata.</summary>
internal sealed class ArrowSetWriter : ISetFileWriter
{
    private readonly ArrowFileWriter _writer;
    private readonly Schema _schema;
    private readonly int _steps;

    public ArrowSetWriter(Stream stream, SetFileHeader header, SetFileLayout layout)
    {
        var fields = new List<Field> { new(SetFileColumns.Path, Int32Type.Default, nullable: false) };
        if (layout == SetFileLayout.Cells)
            fields.Add(new(SetFileColumns.Step, Int32Type.Default, nullable: false));
        fields.Add(new(SetFileColumns.Instrument, StringType.Default, nullable: true));
        fields.Add(new(SetFileColumns.Factor, StringType.Default, nullable: true));
        fields.Add(new(SetFileColumns.Macro, StringType.Default, nullable: true));
        fields.Add(new(SetFileColumns.Annotation, StringType.Default, nullable: true));
        fields.Add(
            layout == SetFileLayout.Cells
                ? new(SetFileColumns.Return, DoubleType.Default, nullable: false)
                : new(SetFileColumns.Returns, new ListType(Element), nullable: false)
        );
        _schema = new Schema(fields, [new(SetFileHeader.Key, header.ToJson())]);
        _steps = header.HorizonDays;
        _writer = new ArrowFileWriter(stream, _schema, leaveOpen: true);
    }

    private static Field Element { get; } = new("item", DoubleType.Default, nullable: false);

    public async Task WriteAsync(RowBlock block, CancellationToken ct)
    {
        var columns = new List<IArrowArray> { Integers(block.Paths) };
        if (block.Steps is { } steps)
            columns.Add(Integers(steps));
        columns.Add(Texts(block.Instruments));
        columns.Add(Texts(block.Factors));
        columns.Add(Texts(block.Macros));
        columns.Add(Texts(block.Annotations));
        DoubleArray values = new DoubleArray.Builder().Append(block.Values.AsSpan()).Build();
        columns.Add(block.Steps is null ? Lists(values, block.Rows) : values);
        using var batch = new RecordBatch(_schema, columns, block.Rows);
        await _writer.WriteRecordBatchAsync(batch, ct);
    }

    public Task FinishAsync(CancellationToken ct) => _writer.WriteEndAsync(ct);

    public ValueTask DisposeAsync()
    {
        _writer.Dispose();
        return ValueTask.CompletedTask;
    }

    private ListArray Lists(DoubleArray values, int rows)
    {
        var offsets = new ArrowBuffer.Builder<int>(rows + 1);
        for (int row = 0; row <= rows; row++)
            offsets.Append(row * _steps);
        return new ListArray(new ListType(Element), rows, offsets.Build(), values, ArrowBuffer.Empty);
    }

    private static Int32Array Integers(int[] values) => new Int32Array.Builder().Append(values.AsSpan()).Build();

    private static StringArray Texts(string?[] values)
    {
        var builder = new StringArray.Builder().Reserve(values.Length);
        foreach (string? value in values)
        {
            if (value is null)
                builder.AppendNull();
            else
                builder.Append(value);
        }

        return builder.Build();
    }
}
