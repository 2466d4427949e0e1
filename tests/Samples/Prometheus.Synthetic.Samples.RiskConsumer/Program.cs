using System.Runtime.InteropServices;
using System.Text.Json;
using Npgsql;
using Prometheus.Synthetic.Samples.RiskConsumer;

if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(Arguments.Usage);
    return 0;
}

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    Arguments arguments = Arguments.Parse(args);
    Portfolio? portfolio = arguments.Portfolio is { } file ? Portfolio.Read(file) : null;
    await using NpgsqlDataSource database = NpgsqlDataSource.Create(Variable("SYNTHETIC_POSTGRES"));
    if (arguments.SetId is { } id)
    {
        await ReportAsync(id);
        return 0;
    }

    await using Announcements announcements = await Announcements.SubscribeAsync(
        new Uri(Variable("SYNTHETIC_RABBITMQ")),
        arguments.Once ? null : arguments.Queue,
        stop.Token
    );
    await Console.Error.WriteLineAsync("listening");
    await foreach (JsonElement set in announcements.ReadAsync(stop.Token))
    {
        if (!Matches(set))
            continue;
        await ReportAsync(set.GetProperty("scenario_set_id").GetGuid());
        if (arguments.Once)
            break;
    }

    return 0;

    // An announcement says enough to decide without a query.
    bool Matches(JsonElement set) =>
        !set.GetProperty("evicted").GetBoolean()
        && set.GetProperty("drivers").GetProperty("instruments").GetInt32() > 0
        && (
            arguments.Market is null
            || set.GetProperty("markets").EnumerateArray().Any(m => m.GetString() == arguments.Market)
        )
        && (arguments.Category is null || set.GetProperty("category").GetString() == arguments.Category)
        && (arguments.HorizonDays is null || set.GetProperty("horizon_days").GetRawText() == arguments.HorizonDays);

    async Task ReportAsync(Guid set)
    {
        RiskReport report = await RiskReport.OfAsync(database, set, portfolio, stop.Token);
        Console.WriteLine(arguments.Json ? report.ToJson() : report.ToString());
    }
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}
catch (Exception e)
    when (e is ArgumentException or FormatException or InvalidOperationException or IOException or NpgsqlException)
{
    await Console.Error.WriteLineAsync($"error: {e.Message}");
    return e is ArgumentException or FormatException ? 2 : 1;
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}

static string Variable(string name) =>
    Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
        ? value
        : throw new ArgumentException($"{name} is not set");
