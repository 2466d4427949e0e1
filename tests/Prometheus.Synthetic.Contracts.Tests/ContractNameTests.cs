using Prometheus.Synthetic.Contracts;

namespace Prometheus.Synthetic.Contracts.Tests;

/// <summary>Names that stand in other teams' configuration. A change here breaks them; that is what the literals say.</summary>
public class ContractNameTests
{
    public static TheoryData<Type, string, string> Pinned { get; } =
        new()
        {
            { typeof(FragilityComputed), "FragilityComputed", "fragility-computed" },
            { typeof(MonthlyRefreshDue), "MonthlyRefreshDue", "monthly-refresh-due" },
            { typeof(GenerateScenarioSet), "GenerateScenarioSet", "generate-scenario-set" },
            { typeof(ScenarioSetGenerated), "ScenarioSetGenerated", "scenario-set-generated" },
            { typeof(ScenarioSetGenerationFailed), "ScenarioSetGenerationFailed", "scenario-set-generation-failed" },
            { typeof(ScenarioSetProgressed), "ScenarioSetProgressed", "scenario-set-progressed" },
            { typeof(MonthlyRefreshCompleted), "MonthlyRefreshCompleted", "monthly-refresh-completed" },
            { typeof(FragilityRefreshCompleted), "FragilityRefreshCompleted", "fragility-refresh-completed" },
            { typeof(StartScenarioSetGeneration), "StartScenarioSetGeneration", "start-scenario-set-generation" },
            { typeof(PlanScenarioSet), "PlanScenarioSet", "plan-scenario-set" },
            { typeof(ScenarioSetPlanned), "ScenarioSetPlanned", "scenario-set-planned" },
            { typeof(GenerateShard), "GenerateShard", "generate-shard" },
            { typeof(ShardGenerated), "ShardGenerated", "shard-generated" },
            { typeof(SealScenarioSet), "SealScenarioSet", "seal-scenario-set" },
            { typeof(CancelScenarioSetGeneration), "CancelScenarioSetGeneration", "cancel-scenario-set-generation" },
            { typeof(ScenarioSetGenerationStopped), "ScenarioSetGenerationStopped", "scenario-set-generation-stopped" },
            { typeof(StartMonthlyRefresh), "StartMonthlyRefresh", "start-monthly-refresh" },
            { typeof(StartFragilityRefresh), "StartFragilityRefresh", "start-fragility-refresh" },
            { typeof(RefreshPartEnded), "RefreshPartEnded", "refresh-part-ended" },
            { typeof(CancelRefresh), "CancelRefresh", "cancel-refresh" },
        };

    [Theory]
    [MemberData(nameof(Pinned))]
    public void Wire_names_stay_as_published(Type type, string urnName, string name)
    {
        ContractName contract = ContractNames.Of(type);
        Assert.Equal("urn:message:Prometheus.Synthetic.Contracts:" + urnName, contract.Urn);
        Assert.Equal("prometheus." + name, contract.Exchange);
        Assert.Equal(name, contract.Name);
        Assert.Equal(name + ".schema.json", contract.SchemaFile);
        Assert.Same(contract, ContractNames.FindByUrn(contract.Urn));
        Assert.Same(contract, ContractNames.FindByExchange(contract.Exchange));
    }

    [Fact]
    public void Every_message_is_listed_once_and_pinned()
    {
        Assert.Equal(Pinned.Select(row => row.Data.Item1), ContractNames.All.Select(c => c.Type));
        Assert.Distinct(ContractNames.All.Select(c => c.Exchange));
        Assert.Distinct(ContractNames.All.Select(c => c.Urn));
    }

    [Fact]
    public void A_record_that_is_no_part_of_another_is_a_listed_message()
    {
        Type[] parts =
        [
            typeof(FragileTarget),
            typeof(PolicyReference),
            typeof(DriverCounts),
            typeof(GenerationError),
            typeof(AttackLoss),
            typeof(RefreshedSet),
            typeof(RefreshShortfall),
            typeof(RefreshPart),
        ];
        IEnumerable<Type> records = typeof(ContractName)
            .Assembly.GetExportedTypes()
            .Where(t => t.GetMethod("<Clone>$") is not null && !t.IsGenericType && t != typeof(ContractName));
        Assert.Equal(
            ContractNames.All.Select(c => c.Type).Concat(parts).OrderBy(t => t.Name, StringComparer.Ordinal),
            records.OrderBy(t => t.Name, StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Folder_of_the_contract_holds_one_schema_per_message_and_no_other()
    {
        IEnumerable<string> files = Directory.GetFiles(ContractFiles.Schemas).Select(f => Path.GetFileName(f));
        Assert.Equal(
            ContractNames.All.Select(c => c.SchemaFile).Order(StringComparer.Ordinal),
            files.Order(StringComparer.Ordinal)
        );
        IEnumerable<string> folders = Directory.GetDirectories(ContractFiles.Samples).Select(f => Path.GetFileName(f));
        Assert.Equal(
            ContractNames.All.Select(c => c.Name).Order(StringComparer.Ordinal),
            folders.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Types_of_others_have_no_contract()
    {
        Assert.Null(ContractNames.Find(typeof(string)));
        Assert.Null(ContractNames.FindByUrn("urn:message:Elsewhere:Thing"));
        Assert.Throws<KeyNotFoundException>(() => ContractNames.Of<string>());
    }

    [Fact]
    public void Records_live_in_the_namespace_that_the_urn_names()
    {
        // A bus derives the URN from namespace and name; so long as they agree, nobody has to override it.
        foreach (ContractName contract in ContractNames.All)
            Assert.Equal(contract.Urn, $"urn:message:{contract.Type.Namespace}:{contract.Type.Name}");
    }
}
