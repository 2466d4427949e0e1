using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Prometheus.Synthetic.Engine;
using Prometheus.Synthetic.Engine.Lifecycle;
using Prometheus.Synthetic.Engine.Verification;
using Prometheus.Synthetic.Exchange.Files;
using Prometheus.Synthetic.Storage.Documents;
using Prometheus.Synthetic.Storage.Sets;

namespace Prometheus.Synthetic.Exchange.Tests;

public sealed class RoundTripTests(ExchangeRoom room) : IClassFixture<ExchangeRoom>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<SetFileFormat, SetFileLayout> Forms =>
        new(Enum.GetValues<SetFileFormat>().SelectMany(f => Enum.GetValues<SetFileLayout>().Select(l => (f, l))));

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Every_form_brings_the_same_content_back_under_the_same_hash(
        SetFileFormat format,
        SetFileLayout layout
    )
    {
        ScenarioSetRef original = await HandMadeAsync("ORIGINAL");
        string file = room.PathOf($"{format}-{layout}.bin");
        SetExporter exporter = (await room.ServicesAsync(Ct)).GetRequiredService<SetExporter>();
        ExportReport exported = await exporter.ExportAsync(
            original.ScenarioSetId,
            file,
            format,
            layout,
            ExchangeRoom.Act,
            null,
            Ct
        );
        ScenarioSetRef copy = await room.ImportAsync(file, new ImportRequest { Name = $"COPY_{format}_{layout}" }, Ct);

        Assert.Equal(original.ContentHash, exported.ContentHash);
        Assert.Equal(original.ContentHash, copy.ContentHash);
        Assert.Equal(VerificationOutcome.Verified, (await room.VerifyAsync(copy.ScenarioSetId, Ct)).Outcome);
        ScenarioSetDocument record = (
            await (await room.ServicesAsync(Ct))
                .GetRequiredService<ScenarioSetStore>()
                .FindAsync(copy.ScenarioSetId, Ct)
        )!;
        Assert.Equal("CUSTOM", record.Category);
        Assert.Equal(["M"], record.Markets);
        Assert.Equal(new DateOnly(2026, 1, 2), record.AsOfDate);
        Assert.Equal(
            original.ScenarioSetId.ToString(),
            record.GeneratorSpec!.Value.GetProperty("origin_scenario_set_id").GetString()
        );
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(file)!, "*.partial"));
    }

    [Fact]
    public async Task An_imported_set_is_evicted_and_rehydrated_like_any_other()
    {
        ScenarioSetRef set = await HandMadeAsync("CYCLED");
        IServiceProvider services = await room.ServicesAsync(Ct);
        await services.GetRequiredService<SetLifecycle>().EvictAsync(set.ScenarioSetId, ExchangeRoom.Act, Ct);
        Assert.True(
            await services
                .GetRequiredService<Rehydrator>()
                .RehydrateAsync(set.ScenarioSetId, ExchangeRoom.Act, null, Ct)
        );
        Assert.Equal(VerificationOutcome.Verified, (await room.VerifyAsync(set.ScenarioSetId, Ct)).Outcome);
    }

    [Fact]
    public async Task The_same_file_under_the_same_name_is_the_same_set()
    {
        ScenarioSetRef first = await HandMadeAsync("TWICE");
        ScenarioSetRef second = await HandMadeAsync("TWICE");
        Assert.Equal((first.ScenarioSetId, true), (second.ScenarioSetId, second.Existed));
    }

    [Fact]
    public async Task A_hand_made_file_is_read_whatever_the_order_of_its_rows_and_columns()
    {
        ScenarioSetRef set = await HandMadeAsync("ORDERED");
        double stored = await room.ScalarAsync<double>(
            $"SELECT returns[2] FROM scenario_path_arrays WHERE scenario_set_id = '{set.ScenarioSetId}' AND scenario_id = 1 AND macro_id = 'DGS10'",
            Ct
        );
        // Three series of four paths of three steps come before; path 1 is the third of the last series.
        Assert.Equal(Math.Sqrt(36 + 6 + 2) / 7 - 2, stored);
        Assert.Equal(
            """{"DGS10": "percent"}""",
            await room.ScalarAsync<string>(
                $"SELECT metadata ->> 'macro_units' FROM scenario_sets WHERE scenario_set_id = '{set.ScenarioSetId}'",
                Ct
            )
        );
        ScenarioSetRef alias = await room.ImportAsync(
            room.Write("alias.csv", ExchangeRoom.HandMade("return_value")),
            ExchangeRoom.HandMadeRequest("ALIAS"),
            Ct
        );
        Assert.Equal(set.ContentHash, alias.ContentHash);
    }

    [Fact]
    public async Task The_defensive_marking_travels_with_the_file()
    {
        ScenarioSetRef marked = await room.ImportAsync(
            room.Write("defensive.csv", ExchangeRoom.HandMade()),
            ExchangeRoom.HandMadeRequest("DEFENSIVE") with
            {
                DefensiveTest = true,
            },
            Ct
        );
        string file = room.PathOf("defensive.parquet");
        IServiceProvider services = await room.ServicesAsync(Ct);
        await services
            .GetRequiredService<SetExporter>()
            .ExportAsync(
                marked.ScenarioSetId,
                file,
                SetFileFormat.Parquet,
                SetFileLayout.Arrays,
                ExchangeRoom.Act,
                null,
                Ct
            );
        ScenarioSetRef copy = await room.ImportAsync(file, new ImportRequest { Name = "DEFENSIVE_COPY" }, Ct);
        ScenarioSetDocument record = (
            await services.GetRequiredService<ScenarioSetStore>().FindAsync(copy.ScenarioSetId, Ct)
        )!;
        Assert.True(record.DefensiveTest);
        Assert.Contains("DEFENSIVE_TEST", record.Tags);
    }

    /// <summary>Two operators, one file name, two sets: whoever ends last, the file is one of the two and whole.</summary>
    [Fact]
    public async Task Two_exports_to_one_file_at_once_leave_a_whole_file()
    {
        ScenarioSetRef one = await HandMadeAsync("TWO_EXPORTS");
        ScenarioSetRef other = await HandMadeAsync("TWO_OTHER_EXPORTS");
        SetExporter exporter = (await room.ServicesAsync(Ct)).GetRequiredService<SetExporter>();
        string file = room.PathOf("two.csv");
        Task<ExportReport> ExportAsync(Guid id, IProgress<int>? progress) =>
            exporter.ExportAsync(id, file, SetFileFormat.Csv, SetFileLayout.Arrays, ExchangeRoom.Act, progress, Ct);
        Task<ExportReport>? second = null;
        var meanwhile = new Meanwhile(() =>
        {
            second = Task.Run(() => ExportAsync(other.ScenarioSetId, null), Ct);
            ((IAsyncResult)second).AsyncWaitHandle.WaitOne();
        });

        ExportReport first = await ExportAsync(one.ScenarioSetId, meanwhile);

        Assert.NotEqual(first.FileHash, (await second!).FileHash);
        Assert.Equal(first.FileHash, Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(file, Ct))));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(file)!, "*.partial"));
    }

    private Task<ScenarioSetRef> HandMadeAsync(string name) =>
        room.ImportAsync(room.Write("hand.csv", ExchangeRoom.HandMade()), ExchangeRoom.HandMadeRequest(name), Ct);

    /// <summary>Does something once, at the first report, and lets the export on when it is done.</summary>
    private sealed class Meanwhile(Action act) : IProgress<int>
    {
        private bool _done;

        public void Report(int value)
        {
            if (_done)
                return;
            _done = true;
            act();
        }
    }
}
