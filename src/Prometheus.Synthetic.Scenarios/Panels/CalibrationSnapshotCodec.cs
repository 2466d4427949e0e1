using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Prometheus.Synthetic.Scenarios.Custom;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Json;

namespace Prometheus.Synthetic.Scenarios.Panels;

/// <summary>
/// Canonical bytes of a calibration snapshot: the tag <c>PSCAL001</c>, the length of a canonical JSON header (int32,
/// little-endian), the header, then the double arrays it announces, little-endian: panel (T·K), regime confidences (T),
/// exposures (instruments × factors), scores (T each), given paths (N·H·K). Given paths in chunks
/// (<see cref="GivenPathChunkCodec"/>) stand in the header as the list of their addresses. Equal snapshots have equal
/// bytes; the SHA-256 of the bytes is the address.
/// </summary>
public static class CalibrationSnapshotCodec
{
    private static ReadOnlySpan<byte> Tag => "PSCAL001"u8;

    public static byte[] Encode(CalibrationSnapshot snapshot)
    {
        var header = new Header(
            snapshot.AsOf,
            [
                .. snapshot.Panel.Drivers.Select(d => new HeaderDriver(
                    d.Kind,
                    d.Id,
                    d.Unit,
                    d.BaseLevel,
                    new SortedDictionary<string, string>(d.Attributes.ToDictionary(), StringComparer.Ordinal)
                )),
            ],
            [.. snapshot.Panel.Dates.Select(d => d.DayNumber)],
            snapshot.Regimes is { } r
                ? new HeaderRegimes(r.ModelId, [.. r.Labels.Select(l => l ?? string.Empty)])
                : null,
            snapshot.Exposures is { } e ? new HeaderExposures(e.ModelId, e.ExposureDate, e.Values.Length) : null,
            [.. snapshot.Targets],
            snapshot.GapsBefore.Count > 0 ? [.. snapshot.GapsBefore] : null,
            snapshot.Scores.Count > 0
                ?
                [
                    .. snapshot.Scores.Select(s => new HeaderScores(
                        s.Table,
                        s.EntityType,
                        s.EntityId,
                        s.ModelId,
                        [.. s.Classes.Select(c => c ?? string.Empty)]
                    )),
                ]
                : null,
            snapshot.Given is GivenPaths g
                ? new HeaderGiven(
                    g.NumPaths,
                    g.HorizonDays,
                    [
                        .. g.Annotations.Select(a =>
                            a is null ? null : Encoding.UTF8.GetString(PathAnnotationJson.Bytes(a))
                        ),
                    ]
                )
                : null,
            snapshot.BaseSets.Count > 0 ? snapshot.BaseSets : null,
            snapshot.Given is ChunkedPaths c
                ? new HeaderChunks(c.NumPaths, c.HorizonDays, c.PathsPerChunk, c.AnnotatedPaths, c.Addresses)
                : null
        );
        byte[] json = CanonicalJson.Bytes(JsonSerializer.SerializeToElement(header));
        ReadOnlySpan<double> confidence = snapshot.Regimes is { } regimes ? regimes.Confidence.ToArray() : [];
        ReadOnlySpan<double> exposures = snapshot.Exposures is { } x ? x.Values : [];
        double[] scores = [.. snapshot.Scores.SelectMany(s => s.Scores)];
        ReadOnlySpan<double> given = snapshot.Given is GivenPaths paths ? paths.Values : [];
        int doubles = checked(
            snapshot.Panel.Values.Length + confidence.Length + exposures.Length + scores.Length + given.Length
        );
        byte[] bytes = new byte[checked(Tag.Length + 4 + json.Length + 8 * doubles)];
        Tag.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(Tag.Length), json.Length);
        int at = Tag.Length + 4;
        json.CopyTo(bytes, at);
        at += json.Length;
        at = Put(bytes, at, snapshot.Panel.Values);
        at = Put(bytes, at, confidence);
        at = Put(bytes, at, exposures);
        at = Put(bytes, at, scores);
        Put(bytes, at, given);
        return bytes;
    }

    /// <exception cref="InvalidDataException">The bytes are not a snapshot.</exception>
    public static CalibrationSnapshot Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Tag.Length + 4 || !bytes[..Tag.Length].SequenceEqual(Tag))
            throw new InvalidDataException("These bytes are not a calibration snapshot.");
        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes[Tag.Length..]);
        if (length < 0 || length > bytes.Length - Tag.Length - 4)
            throw new InvalidDataException("The snapshot is truncated.");
        Header header = ReadHeader(bytes.Slice(Tag.Length + 4, length));
        ReadOnlySpan<byte> rest = bytes[(Tag.Length + 4 + length)..];
        Driver[] drivers =
        [
            .. header.Drivers.Select(d => new Driver(d.Kind, d.Id, d.Unit, d.BaseLevel) { Attributes = d.Attributes }),
        ];
        DateOnly[] dates = [.. header.Days.Select(DateOnly.FromDayNumber)];
        double[] values = Take(ref rest, drivers.Length * dates.Length);
        RegimeHistory? regimes = header.Regimes is { } r
            ? new RegimeHistory(
                r.ModelId,
                [.. r.Labels.Select(l => l.Length == 0 ? null : l)],
                Take(ref rest, dates.Length)
            )
            : null;
        FactorExposures? exposures = header.Exposures is { } e
            ? new FactorExposures(e.ModelId, e.Date, Take(ref rest, e.Count))
            : null;
        var scores = new List<ScoreHistory>();
        foreach (HeaderScores s in header.Scores ?? [])
            scores.Add(
                new ScoreHistory(
                    s.Table,
                    s.EntityType,
                    s.EntityId,
                    s.ModelId,
                    Take(ref rest, dates.Length),
                    [.. s.Classes.Select(c => c.Length == 0 ? null : c)]
                )
            );
        IGivenPaths? given =
            header.Given is { } x
                ? new GivenPaths(
                    drivers,
                    x.HorizonDays,
                    Take(ref rest, checked(x.NumPaths * x.HorizonDays * drivers.Length)),
                    [
                        .. x.Annotations.Select(a =>
                            a is null ? null : PathAnnotationJson.Parse(Encoding.UTF8.GetBytes(a))
                        ),
                    ]
                )
            : header.GivenChunks is { } c
                ? new ChunkedPaths(
                    c.NumPaths,
                    c.HorizonDays,
                    drivers.Length,
                    c.PathsPerChunk,
                    c.AnnotatedPaths,
                    c.Chunks
                )
            : null;
        if (rest.Length != 0)
            throw new InvalidDataException($"{rest.Length} bytes follow the snapshot.");
        return new CalibrationSnapshot(header.AsOf, new ShockPanel(drivers, dates, values))
        {
            Regimes = regimes,
            Exposures = exposures,
            Targets = header.Targets,
            Given = given,
            GapsBefore = header.GapsBefore ?? [],
            Scores = scores,
            BaseSets = header.BaseSets ?? [],
        };
    }

    /// <summary>The content address: <c>sha256:</c> and 64 hexadecimal digits.</summary>
    public static string Address(ReadOnlySpan<byte> bytes) =>
        "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static Header ReadHeader(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<Header>(json)
                ?? throw new InvalidDataException("The snapshot has no header.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException("The snapshot's header is not readable.", e);
        }
    }

    private static int Put(byte[] bytes, int at, ReadOnlySpan<double> values)
    {
        for (int i = 0; i < values.Length; i++, at += 8)
        {
            // One bit pattern for NaN, so that equal snapshots have equal bytes.
            BinaryPrimitives.WriteDoubleLittleEndian(
                bytes.AsSpan(at),
                double.IsNaN(values[i]) ? double.NaN : values[i]
            );
        }

        return at;
    }

    private static double[] Take(ref ReadOnlySpan<byte> rest, int count)
    {
        if (rest.Length < 8L * count)
            throw new InvalidDataException("The snapshot is truncated.");
        double[] values = new double[count];
        rest[..(8 * count)].CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
        rest = rest[(8 * count)..];
        return values;
    }

    private sealed record Header(
        DateOnly AsOf,
        IReadOnlyList<HeaderDriver> Drivers,
        IReadOnlyList<int> Days,
        HeaderRegimes? Regimes,
        HeaderExposures? Exposures,
        IReadOnlyList<TargetEntity> Targets,
        IReadOnlyList<int>? GapsBefore,
        IReadOnlyList<HeaderScores>? Scores,
        HeaderGiven? Given,
        IReadOnlyList<BaseSet>? BaseSets,
        HeaderChunks? GivenChunks
    );

    private sealed record HeaderDriver(
        DriverKind Kind,
        string Id,
        string Unit,
        double? BaseLevel,
        SortedDictionary<string, string> Attributes
    );

    private sealed record HeaderRegimes(string ModelId, IReadOnlyList<string> Labels);

    private sealed record HeaderScores(
        string Table,
        string EntityType,
        string EntityId,
        string ModelId,
        IReadOnlyList<string> Classes
    );

    private sealed record HeaderExposures(string ModelId, DateOnly Date, int Count);

    private sealed record HeaderGiven(int NumPaths, int HorizonDays, IReadOnlyList<string?> Annotations);

    private sealed record HeaderChunks(
        int NumPaths,
        int HorizonDays,
        int PathsPerChunk,
        int AnnotatedPaths,
        IReadOnlyList<string> Chunks
    );
}
