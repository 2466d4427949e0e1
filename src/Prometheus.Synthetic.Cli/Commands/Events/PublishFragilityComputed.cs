using System.CommandLine;
using System.Globalization;
using Prometheus.Synthetic.Cli.Hosting;
using Prometheus.Synthetic.Contracts;
using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Cli.Commands.Events;

/// <summary><c>events publish fragility-computed</c>.</summary>
internal static class PublishFragilityComputed
{
    public static Command Create(CliContext cli)
    {
        Option<string?> file = Publishing.File();
        var market = new Option<string?>("--market") { Description = "Market that was scored, e.g. US_EQ." };
        var asOf = new Option<string?>("--as-of") { Description = "Date of the scores (yyyy-MM-dd)." };
        var model = new Option<string?>("--model") { Description = "Model that made the scores." };
        var region = new Option<string?>("--region") { Description = "Region of the regime labels, e.g. US." };
        var targets = new Option<string[]>("--target")
        {
            Description = "A fragile entity as TYPE:ID:SCORE, e.g. ISSUER:AAPL:0.83; repeat for several.",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<Guid?> id = Publishing.MessageId();
        Option<bool> json = CliOptions.Json();
        var command = new Command("fragility-computed", "A market's fragility was scored: make its defensive tests.")
        {
            file,
            market,
            asOf,
            model,
            region,
            targets,
            id,
            json,
        };
        command.SetAction(
            (parsed, ct) =>
            {
                FragilityComputed given = Publishing.Read<FragilityComputed>(parsed.GetValue(file));
                FragilityComputed message = given with
                {
                    MarketId = parsed.GetValue(market) ?? given.MarketId,
                    AsOfDate = CliOptions.Date("as_of_date", parsed.GetValue(asOf)) ?? given.AsOfDate,
                    ModelId = parsed.GetValue(model) ?? given.ModelId,
                    Region = parsed.GetValue(region) ?? given.Region,
                    TopTargets = parsed.GetValue(targets) is { Length: > 0 } words
                        ? [.. words.Select(Target)]
                        : given.TopTargets,
                };
                Publishing.Require(
                    ("market_id", message.MarketId, "--market"),
                    ("as_of_date", message.AsOfDate, "--as-of"),
                    ("model_id", message.ModelId, "--model"),
                    ("region", message.Region, "--region")
                );
                Guid messageId = parsed.GetValue(id) ?? NaturalKeys.MessageId(message);
                return Publishing.PublishAsync(cli, message, messageId, parsed.GetValue(json), ct);
            }
        );
        return command.WithExamples(
            "./synthetic events publish fragility-computed --market US_EQ --as-of 2026-10-30 "
                + "--model fragility_v1.0 --region US --target ISSUER:AAPL:0.83"
        );
    }

    private static FragileTarget Target(string text)
    {
        int first = text.IndexOf(':');
        int last = text.LastIndexOf(':');
        if (
            first <= 0
            || last <= first + 1
            || !double.TryParse(text.AsSpan(last + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out double s)
            || s is not (>= 0 and <= 1)
        )
            throw new ScenarioRefusedException(
                ErrorCodes.WrongType,
                "--target",
                $"'{text}' is not TYPE:ID:SCORE with a score from 0 to 1; write e.g. ISSUER:AAPL:0.83"
            );
        return new FragileTarget
        {
            EntityType = text[..first],
            EntityId = text[(first + 1)..last],
            SoftTargetScore = s,
        };
    }
}
