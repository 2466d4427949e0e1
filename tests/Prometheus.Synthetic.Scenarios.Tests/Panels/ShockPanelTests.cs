using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Panels;

namespace Prometheus.Synthetic.Scenarios.Tests.Panels;

public sealed class ShockPanelTests
{
    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1.0)]
    [InlineData(-1.5)]
    public void An_impossible_return_is_refused_by_instrument_and_date(double value)
    {
        double[] values = [0.01, 0.02, 0.03, value];
        var refused = Assert.Throws<ScenarioRefusedException>(() =>
            new ShockPanel(TestPanels.Instruments(2), TestPanels.Dates(2), values)
        );
        FieldError error = Assert.Single(refused.Errors);
        Assert.Equal((ErrorCodes.BadData, "EQUITY:N0001"), (error.Code, error.Field));
        Assert.Contains("2020-01-02", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_macro_change_may_be_below_minus_one() =>
        Assert.Equal(
            -2.5,
            new ShockPanel([new Driver(DriverKind.Macro, "DGS10", "percent")], TestPanels.Dates(1), [-2.5])[0, 0]
        );

    [Fact]
    public void Dates_ascend_strictly()
    {
        DateOnly day = TestPanels.FirstDay;
        foreach (DateOnly second in new[] { day, day.AddDays(-1) })
            Assert.Equal(
                "dates",
                Assert
                    .Throws<ScenarioRefusedException>(() =>
                        new ShockPanel(TestPanels.Instruments(1), [day, second], [0, 0])
                    )
                    .Errors[0]
                    .Field
            );
    }

    [Fact]
    public void Drivers_are_in_canonical_order_and_counted()
    {
        Driver[] drivers = TestPanels.Instruments(2);
        Assert.Throws<ArgumentException>(() => new ShockPanel([drivers[1], drivers[0]], TestPanels.Dates(1), [0, 0]));
        Assert.Throws<ArgumentException>(() => new ShockPanel([drivers[0], drivers[0]], TestPanels.Dates(1), [0, 0]));
        Assert.Throws<ArgumentException>(() => new ShockPanel(drivers, TestPanels.Dates(1), [0]));
    }

    [Fact]
    public void Rows_columns_and_indices_agree()
    {
        ShockPanel panel = TestPanels.Normal(5, 3);
        Assert.Equal(panel[4, 2], panel.Day(4)[2]);
        Assert.Equal(panel[3, 1], panel.Column(1)[3]);
        Assert.Equal(2, panel.IndexOf(DriverKind.Instrument, "EQUITY:N0002"));
        Assert.Equal(-1, panel.IndexOf(DriverKind.Factor, "EQUITY:N0002"));
    }
}
