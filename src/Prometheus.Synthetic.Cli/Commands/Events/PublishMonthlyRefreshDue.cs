using System.CommandLine;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Cli.Commands.Events;

/// <summary><c>events publish monthly-refresh-due</c>.</summary>
internal static class PublishMonthlyRefreshDue
{
    public static Command Create(CliContext cli)
    {
        Option<string?> file = Publishing.File();
        var market = new Option<string?>("--market") { Description = "Market family, e.g. US_EQ." };
        var month = new Option<string?>("--month") { Description = "Calendar month that is due (yyyy-MM)." };
        var asOf = new Option<string?>("--as-of") { Description = "Last day whose data may be used (yyyy-MM-dd)." };
        var force = new Option<bool>("--force-new-version")
        {
            Description = "Make new versions even if identical sets exist.",
        };
        Option<Guid?> id = Publishing.MessageId();
        Option<bool> json = CliOptions.Json();
        var command = new Command("monthly-refresh-due", "A market's month is complete: refresh its baseline sets.")
        {
            file,
            market,
            month,
            asOf,
            force,
            id,
            json,
        };
        command.SetAction(
            (parsed, ct) =>
            {
                MonthlyRefreshDue given = Publishing.Read<MonthlyRefreshDue>(parsed.GetValue(file));
                MonthlyRefreshDue message = given with
                {
                    MarketId = parsed.GetValue(market) ?? given.MarketId,
                    Month = parsed.GetValue(month) ?? given.Month,
                    AsOfDate = CliOptions.Date("as_of_date", parsed.GetValue(asOf)) ?? given.AsOfDate,
                    ForceNewVersion = parsed.GetValue(force) ? true : given.ForceNewVersion,
                };
                Publishing.Require(
                    ("market_id", message.MarketId, "--market"),
                    ("month", message.Month, "--month"),
                    ("as_of_date", message.AsOfDate, "--as-of")
                );
                Publishing.RequireText(("market_id", message.MarketId!), ("month", message.Month!));
                if (!DateOnly.TryParseExact(message.Month + "-01", "yyyy-MM-dd", out _))
                    throw new ScenarioRefusedException(
                        ErrorCodes.InvalidDates,
                        "month",
                        $"'{message.Month}' is no month; write yyyy-MM, e.g. 2026-10"
                    );
                Guid messageId = Publishing.IdOf(
                    cli,
                    parsed.GetValue(id),
                    NaturalKeys.MessageId(message),
                    message.ForceNewVersion
                );
                return Publishing.PublishAsync(cli, message, messageId, parsed.GetValue(json), ct);
            }
        );
        return command.WithExamples(
            "./synthetic events publish monthly-refresh-due --market US_EQ --month 2026-10 --as-of 2026-10-30",
            "./synthetic events publish monthly-refresh-due --file contracts/samples/monthly-refresh-due/v1-minimal.json"
        );
    }
}
