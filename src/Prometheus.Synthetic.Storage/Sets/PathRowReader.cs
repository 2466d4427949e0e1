using System.Buffers.Binary;
using System.Globalization;
using Npgsql;

namespace Prometheus.Synthetic.Storage.Sets;

/// <summary>
/// Reads stored rows of a range of paths in PostgreSQL's binary COPY format straight into a caller's buffer: no value is
/// boxed, no array is made per row, memory is bounded by the range. Every bit comes back as it was stored.
/// </summary>
public sealed class PathRowReader(NpgsqlDataSource dataSource)
{
    /// <summary>Reads paths [first, first + count) of some drivers.</summary>
    /// <param name="driverNumbers">Numbers of the K wanted drivers (<see cref="DriverNumbers"/>), in the order wanted.</param>
    /// <param name="destination">Receives count·H·K values, [path][step 1..H][driver]; cells without a row become NaN.</param>
    /// <returns>How many rows were there, and the first that was missing or of another length.</returns>
    public async Task<PathRows> ReadAsync(
        Guid scenarioSetId,
        int horizonDays,
        IReadOnlyList<int> driverNumbers,
        int first,
        int count,
        Memory<double> destination,
        CancellationToken ct
    )
    {
        var target = new Target(horizonDays, driverNumbers.Count, first, count, destination);
        destination.Span.Fill(double.NaN);
        await using NpgsqlConnection connection = await dataSource.OpenConnectionAsync(ct);
        await using NpgsqlRawCopyStream stream = await connection.BeginRawBinaryCopyAsync(
            Query(scenarioSetId, driverNumbers, first, count),
            ct
        );
        var parser = new CopyParser(stream);
        await parser.SkipHeaderAsync(ct);
        while (await parser.NextRowAsync(ct) is { } row)
            target.Take(row.Span);
        return target.Finish();
    }

    /// <summary>Number of stored rows of a set, with what is noted of paths beyond its last.</summary>
    public async Task<long> CountAsync(Guid scenarioSetId, int numPaths, CancellationToken ct)
    {
        await using NpgsqlCommand count = dataSource.CreateCommand(
            """
            SELECT (SELECT count(*) FROM synthetic.path_shocks WHERE scenario_set_id = $1)
              + (SELECT count(*) FROM synthetic.path_annotations WHERE scenario_set_id = $1 AND scenario_id >= $2)
              + (SELECT count(*) FROM synthetic.cell_marks WHERE scenario_set_id = $1 AND scenario_id >= $2)
            """
        );
        count.Parameters.Add(new() { Value = scenarioSetId });
        count.Parameters.Add(new() { Value = numPaths });
        return (long)(await count.ExecuteScalarAsync(ct))!;
    }

    // COPY takes no parameters; all that goes into the text are a UUID and integers. OFFSET 0 keeps the planner at one
    // index probe per driver, whatever it believes of a set that was loaded a moment ago.
    private static string Query(Guid id, IReadOnlyList<int> drivers, int first, int count) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            COPY (
              SELECT (d.position - 1)::integer, p.scenario_id, p.shocks
              FROM unnest('{{{string.Join(',', drivers)}}}'::integer[]) WITH ORDINALITY AS d (number, position)
              CROSS JOIN LATERAL (
                SELECT scenario_id, shocks FROM synthetic.path_shocks
                WHERE scenario_set_id = '{{id:D}}' AND driver_no = d.number
                  AND scenario_id >= {{first}} AND scenario_id < {{first + count}} OFFSET 0) p
            ) TO STDOUT (FORMAT BINARY)
            """
        );

    /// <summary>Where rows go, and which have come.</summary>
    private sealed class Target(int steps, int width, int first, int count, Memory<double> destination)
    {
        private readonly bool[] _seen = new bool[checked(count * width)];
        private int _rows;
        private PathRowFault? _fault;

        public void Take(ReadOnlySpan<byte> row)
        {
            int position = BinaryPrimitives.ReadInt32BigEndian(row[4..]);
            int path = BinaryPrimitives.ReadInt32BigEndian(row[12..]) - first;
            ReadOnlySpan<byte> array = row[20..];
            _rows++;
            _seen[path * width + position] = true;
            int length = BinaryPrimitives.ReadInt32BigEndian(array) == 0 ? 0 : PlainLength(array);
            if (length < 0)
            {
                _fault ??= new PathRowFault(first + path, position, "the row is no plain array of numbers");
                return;
            }

            if (length != steps)
                _fault ??= new PathRowFault(first + path, position, $"the row has {length} steps instead of {steps}");
            Span<double> values = destination.Span[(path * steps * width + position)..];
            ReadOnlySpan<byte> cells = length == 0 ? [] : array[20..];
            for (int step = 0; step < Math.Min(length, steps); step++)
                values[step * width] = BinaryPrimitives.ReadDoubleBigEndian(cells[(12 * step + 4)..]);
        }

        /// <summary>−1 for an array that no loader makes: of several dimensions, with NULLs, or not numbered from 1.</summary>
        private static int PlainLength(ReadOnlySpan<byte> array) =>
            (
                BinaryPrimitives.ReadInt32BigEndian(array),
                BinaryPrimitives.ReadInt32BigEndian(array[4..]),
                BinaryPrimitives.ReadInt32BigEndian(array[16..])
            ) == (1, 0, 1)
                ? BinaryPrimitives.ReadInt32BigEndian(array[12..])
                : -1;

        public PathRows Finish()
        {
            int missing = Array.IndexOf(_seen, false);
            if (missing >= 0 && (_fault is null || first + missing / width < _fault.Path))
                _fault = new PathRowFault(first + missing / width, missing % width, "the row is missing");
            return new PathRows(_rows, _fault);
        }
    }

    /// <summary>Cuts a binary COPY stream into rows of three fields.</summary>
    private sealed class CopyParser(Stream stream)
    {
        private const int HeaderBytes = 19;
        private byte[] _buffer = new byte[256 * 1024];
        private int _start;
        private int _end;

        public async ValueTask SkipHeaderAsync(CancellationToken ct)
        {
            await NeedAsync(HeaderBytes, ct);
            _start += HeaderBytes;
        }

        /// <summary>The fields of the next row, each with its length before it, or null at the end.</summary>
        public async ValueTask<ReadOnlyMemory<byte>?> NextRowAsync(CancellationToken ct)
        {
            await NeedAsync(2, ct);
            if (BinaryPrimitives.ReadInt16BigEndian(_buffer.AsSpan(_start)) < 0)
            {
                // Nothing follows the trailer but the end of the stream, which the protocol wants to be read.
                while (await stream.ReadAsync(_buffer, ct) > 0) { }
                return null;
            }

            // field count, two integers with their lengths, and the length of the array
            const int upToArray = 2 + 8 + 8 + 4;
            await NeedAsync(upToArray, ct);
            int bytes = upToArray + BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_start + upToArray - 4));
            await NeedAsync(bytes, ct);
            ReadOnlyMemory<byte> row = _buffer.AsMemory(_start + 2, bytes - 2);
            _start += bytes;
            return row;
        }

        private async ValueTask NeedAsync(int bytes, CancellationToken ct)
        {
            if (_end - _start >= bytes)
                return;
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            if (bytes > _buffer.Length)
                Array.Resize(ref _buffer, bytes);
            while (_end < bytes)
            {
                int read = await stream.ReadAsync(_buffer.AsMemory(_end), ct);
                if (read == 0)
                    throw new EndOfStreamException("The database ended a COPY early.");
                _end += read;
            }
        }
    }
}

/// <summary>What reading a range found.</summary>
/// <param name="Count">Rows that were there.</param>
/// <param name="Fault">The first row that was not as it should be, or null.</param>
public sealed record PathRows(int Count, PathRowFault? Fault);

/// <summary>A stored row that is missing or has another length.</summary>
/// <param name="Driver">Position among the drivers asked for.</param>
public sealed record PathRowFault(int Path, int Driver, string Problem);
