using CsCheck;
using Prometheus.Synthetic.Scenarios.Custom;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Scenarios.Tests.Custom;

public sealed class ChunkedPathsTests
{
    private const int Horizon = 2;
    private static readonly Driver[] s_drivers =
    [
        new(DriverKind.Instrument, "EQUITY:A", Driver.SimpleReturn),
        new(DriverKind.Macro, "DGS10", "percent"),
    ];

    [Fact]
    public void Every_range_reads_as_it_does_from_memory()
    {
        GivenPaths whole = Whole(paths: 23);
        Gen.Select(Gen.Int[1, 30], Gen.Int[0, 22], Gen.Int[0, 23])
            .AlwaysHolds(
                (perChunk, first, wanted) =>
                {
                    int count = Math.Min(wanted, whole.NumPaths - first);
                    ChunkedPaths chunked = Cut(whole, perChunk).Paths;
                    double[] expected = new double[count * Horizon * s_drivers.Length];
                    double[] read = new double[expected.Length];
                    PathAnnotation?[] notes = whole.Read(first, count, expected);
                    Assert.Equal(
                        notes.Select(n => n?.Probability),
                        chunked.Read(first, count, read).Select(n => n?.Probability)
                    );
                    Assert.Equal(Bits(expected), Bits(read));
                    Assert.Equal(whole.Describe(first)?.Probability, chunked.Describe(first)?.Probability);
                    Assert.Equal(whole.AnnotatedPaths, chunked.AnnotatedPaths);
                }
            );
    }

    [Fact]
    public void A_generator_hands_them_out_in_any_range()
    {
        GivenPaths whole = Whole(paths: 10);
        var generator = new GivenPathsGenerator(s_drivers, Cut(whole, 4).Paths);
        double[] three = new double[3 * Horizon * s_drivers.Length];
        generator.Generate(3, three);
        Assert.Equal(Bits(whole.Values.Slice(12, 12).ToArray()), Bits(three));
        Assert.Equal(4, generator.Report["annotated_paths"]!.GetValue<int>());
    }

    [Fact]
    public void A_snapshot_of_them_is_the_list_of_their_addresses()
    {
        (ChunkedPaths paths, _) = Cut(Whole(paths: 10), 4);
        var snapshot = new CalibrationSnapshot(new DateOnly(2026, 1, 2), new ShockPanel(s_drivers, [], []))
        {
            Given = paths,
        };
        byte[] bytes = CalibrationSnapshotCodec.Encode(snapshot);
        var back = Assert.IsType<ChunkedPaths>(CalibrationSnapshotCodec.Decode(bytes).Given);
        Assert.Equal(paths.Addresses, back.Addresses);
        Assert.Equal(
            (10, Horizon, 2, 4, 4),
            (back.NumPaths, back.HorizonDays, back.Width, back.PathsPerChunk, back.AnnotatedPaths)
        );
        Assert.Equal(bytes, CalibrationSnapshotCodec.Encode(CalibrationSnapshotCodec.Decode(bytes)));
    }

    [Fact]
    public void A_chunk_is_read_back_and_every_truncation_and_tail_is_refused()
    {
        (_, Shelf shelf) = Cut(Whole(paths: 10), 4);
        foreach (byte[] bytes in shelf.Values)
        {
            Assert.Equal(bytes, GivenPathChunkCodec.Encode(GivenPathChunkCodec.Decode(bytes)));
            for (int length = 0; length < bytes.Length; length++)
                Assert.Throws<InvalidDataException>(() => GivenPathChunkCodec.Decode(bytes.AsSpan(0, length)));
            Assert.Throws<InvalidDataException>(() => GivenPathChunkCodec.Decode([.. bytes, 0]));
        }
    }

    [Theory]
    [InlineData(8)]
    [InlineData(12)]
    [InlineData(16)]
    [InlineData(20)]
    public void Sizes_that_no_chunk_can_have_are_refused(int at)
    {
        byte[] bytes = Cut(Whole(paths: 4), 4).Shelf.Values.Single();
        foreach (int size in new[] { -1, int.MinValue, int.MaxValue })
        {
            byte[] altered = [.. bytes];
            BitConverter.TryWriteBytes(altered.AsSpan(at), size);
            // The first path is free to be any; that it is another one shows in the address.
            if (at == 8 && size > 0)
                Assert.Equal(size, GivenPathChunkCodec.Decode(altered).FirstPath);
            else
                Assert.Throws<InvalidDataException>(() => GivenPathChunkCodec.Decode(altered));
        }
    }

    [Fact]
    public void A_missing_chunk_is_named_by_its_paths()
    {
        (ChunkedPaths paths, Shelf shelf) = Cut(Whole(paths: 10), 4);
        shelf.Remove(paths.Addresses[1]);
        double[] values = new double[10 * Horizon * s_drivers.Length];
        paths.Read(0, 4, values);
        InvalidDataException missing = Assert.Throws<InvalidDataException>(() => paths.Read(0, 10, values));
        Assert.StartsWith("Given paths 4 to 7 cannot be read", missing.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => paths.Check(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_chunk_in_the_place_of_another_is_refused()
    {
        (ChunkedPaths paths, Shelf shelf) = Cut(Whole(paths: 10), 4);
        shelf[paths.Addresses[1]] = shelf[paths.Addresses[0]];
        Assert.Contains(
            "holds other paths",
            Assert.Throws<InvalidDataException>(() => paths.Describe(5)).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(60, 1_000_000, 1)]
    [InlineData(30, 1_000, 2)]
    [InlineData(1, 1, 1_024)]
    public void A_chunk_is_bounded_in_values_and_in_paths(int horizon, int width, int paths) =>
        Assert.Equal(paths, GivenPathChunk.PathsPerChunk(horizon, width));

    /// <summary>Values with every kind of bits; every third path has a probability.</summary>
    private static GivenPaths Whole(int paths)
    {
        double[] values =
        [
            .. Enumerable
                .Range(0, paths * Horizon * s_drivers.Length)
                .Select(i => i % 5 == 0 ? -0.0 : Math.Sqrt(i) / 7 - 0.5),
        ];
        return new GivenPaths(
            s_drivers,
            Horizon,
            values,
            [
                .. Enumerable
                    .Range(0, paths)
                    .Select(p => p % 3 == 0 ? new PathAnnotation { Probability = p / 100.0 } : null),
            ]
        );
    }

    private static (ChunkedPaths Paths, Shelf Shelf) Cut(GivenPaths whole, int perChunk)
    {
        var shelf = new Shelf();
        var addresses = new List<string>();
        int cells = whole.HorizonDays * whole.Width;
        for (int first = 0; first < whole.NumPaths; first += perChunk)
        {
            int count = Math.Min(perChunk, whole.NumPaths - first);
            var chunk = new GivenPathChunk(
                first,
                whole.Values.Slice(first * cells, count * cells).ToArray(),
                [
                    .. Enumerable
                        .Range(first, count)
                        .Select(p =>
                            (ReadOnlyMemory<byte>)(whole.Describe(p) is { } note ? PathAnnotationJson.Bytes(note) : [])
                        ),
                ]
            );
            byte[] bytes = GivenPathChunkCodec.Encode(chunk);
            addresses.Add(CalibrationSnapshotCodec.Address(bytes));
            shelf[addresses[^1]] = bytes;
        }

        return (
            new ChunkedPaths(
                whole.NumPaths,
                whole.HorizonDays,
                whole.Width,
                perChunk,
                whole.AnnotatedPaths,
                addresses,
                shelf
            ),
            shelf
        );
    }

    private static IEnumerable<long> Bits(double[] values) => values.Select(BitConverter.DoubleToInt64Bits);

    /// <summary>Chunks in memory.</summary>
    private sealed class Shelf : Dictionary<string, byte[]>, IGivenPathChunks
    {
        public GivenPathChunk Read(string address) =>
            TryGetValue(address, out byte[]? bytes)
                ? GivenPathChunkCodec.Decode(bytes)
                : throw new InvalidDataException("not on the shelf");
    }
}
