using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Tests.Panels;

public sealed class CalibrationSnapshotCodecTests
{
    private static CalibrationSnapshot Full(double unknown = double.NaN)
    {
        Driver[] drivers =
        [
            new(DriverKind.Instrument, "EQUITY:A", Driver.SimpleReturn, 12.5)
            {
                Attributes = new SortedDictionary<string, string>(StringComparer.Ordinal)
                {
                    ["sector"] = "Énergie",
                    ["country"] = "FR",
                },
            },
            new(DriverKind.Factor, "MKT", Driver.SimpleReturn),
            new(DriverKind.Macro, "DGS10", "percent", 4.25),
        ];
        return new CalibrationSnapshot(
            new DateOnly(2020, 2, 1),
            new ShockPanel(drivers, TestPanels.Dates(2), [0.1, -0.2, 0.25, 1e-300, -0.0, -3])
        )
        {
            Regimes = new RegimeHistory("regime_v1.0", ["CRISIS", null], [0.5, unknown]),
            Exposures = new FactorExposures("fm_v1.0", new DateOnly(2020, 1, 31), [1.25]),
            Targets =
            [
                new TargetEntity(
                    "ISSUER",
                    "A",
                    0.875,
                    new Dictionary<string, double> { ["weak_profile"] = 0.5 },
                    ["EQUITY:A"]
                ),
            ],
        };
    }

    [Fact]
    public void What_is_written_is_read_back_and_written_again_the_same()
    {
        CalibrationSnapshot snapshot = Full();
        byte[] bytes = CalibrationSnapshotCodec.Encode(snapshot);
        CalibrationSnapshot back = CalibrationSnapshotCodec.Decode(bytes);

        Assert.Equal(snapshot.AsOf, back.AsOf);
        Assert.Equal(snapshot.Panel.Dates, back.Panel.Dates);
        Assert.Equal(
            snapshot.Panel.Drivers.Select(d => (d.Kind, d.Id, d.Unit, d.BaseLevel)),
            back.Panel.Drivers.Select(d => (d.Kind, d.Id, d.Unit, d.BaseLevel))
        );
        Assert.Equal("Énergie", back.Panel.Drivers[0].Attributes["sector"]);
        Assert.Equal(
            snapshot.Panel.Values.ToArray().Select(BitConverter.DoubleToInt64Bits),
            back.Panel.Values.ToArray().Select(BitConverter.DoubleToInt64Bits)
        );
        Assert.Equal(snapshot.Regimes!.Labels, back.Regimes!.Labels);
        Assert.Equal(snapshot.Regimes.Confidence, back.Regimes.Confidence);
        Assert.Equal(snapshot.Exposures!.Values, back.Exposures!.Values);
        Assert.Equal(snapshot.Targets[0].Components, back.Targets[0].Components);
        Assert.Equal(bytes, CalibrationSnapshotCodec.Encode(back));
    }

    [Fact]
    public void Equal_snapshots_have_equal_bytes_whatever_the_bits_of_their_unknowns()
    {
        double otherNaN = BitConverter.Int64BitsToDouble(0x7FF8_0000_0000_1234);
        Assert.Equal(CalibrationSnapshotCodec.Encode(Full()), CalibrationSnapshotCodec.Encode(Full(otherNaN)));
    }

    [Fact]
    public void Every_truncation_and_every_tail_is_refused_as_bad_data()
    {
        byte[] bytes = CalibrationSnapshotCodec.Encode(Full());
        for (int length = 0; length < bytes.Length; length++)
            Assert.Throws<InvalidDataException>(() => CalibrationSnapshotCodec.Decode(bytes.AsSpan(0, length)));
        Assert.Throws<InvalidDataException>(() => CalibrationSnapshotCodec.Decode([.. bytes, 0]));
    }
}
