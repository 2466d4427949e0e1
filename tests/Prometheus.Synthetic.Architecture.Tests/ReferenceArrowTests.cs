using System.Reflection;
using NetArchTest.Rules;
using TestResult = NetArchTest.Rules.TestResult;

namespace Prometheus.Synthetic.Architecture.Tests;

/// <summary>Scenarios ← Storage ← Engine ← Messaging ← Worker, Cli; contracts referenced by the outer layers alone.</summary>
public sealed class ReferenceArrowTests
{
    private const string Product = "Prometheus.Synthetic.";

    private static readonly string[] s_layers = ["Scenarios", "Storage", "Engine", "Messaging"];

    /// <summary>The types a layer may not know, by the layers above it and by what belongs to one layer.</summary>
    public static TheoryData<string, string[]> Forbidden() =>
        new()
        {
            {
                "Scenarios",
                [
                    "Prometheus.Synthetic.Storage",
                    "Prometheus.Synthetic.Engine",
                    "Prometheus.Synthetic.Messaging",
                    "Prometheus.Synthetic.Contracts",
                    "Npgsql",
                    "Marten",
                    "MassTransit",
                    "Microsoft.Extensions",
                ]
            },
            {
                "Storage",
                [
                    "Prometheus.Synthetic.Engine",
                    "Prometheus.Synthetic.Messaging",
                    "Prometheus.Synthetic.Contracts",
                    "MassTransit",
                    "RabbitMQ",
                ]
            },
            // Composition (EngineServices) is where the engine meets Npgsql and Marten; nothing else of it may.
            {
                "Engine",
                ["Prometheus.Synthetic.Messaging", "Prometheus.Synthetic.Contracts", "MassTransit", "RabbitMQ"]
            },
            { "Messaging", ["Prometheus.Synthetic.Worker", "Prometheus.Synthetic.Cli", "Prometheus.Synthetic.Web"] },
            {
                "Contracts",
                [
                    "Prometheus.Synthetic.Scenarios",
                    "Prometheus.Synthetic.Storage",
                    "Prometheus.Synthetic.Engine",
                    "Prometheus.Synthetic.Messaging",
                    "Npgsql",
                    "Marten",
                    "MassTransit",
                ]
            },
        };

    [Theory]
    [MemberData(nameof(Forbidden))]
    public void A_layer_knows_nothing_above_it(string layer, string[] forbidden)
    {
        Assembly assembly = Assembly.Load(Product + layer);
        Assert.NotEmpty(Types.InAssembly(assembly).GetTypes());
        TestResult result = Types.InAssembly(assembly).ShouldNot().HaveDependencyOnAny(forbidden).GetResult();
        Assert.True(result.IsSuccessful, $"{layer}: {string.Join(", ", result.FailingTypeNames ?? [])}");
    }

    [Fact]
    public void In_the_engine_only_composition_touches_the_database()
    {
        TestResult result = Types
            .InAssembly(Assembly.Load(Product + "Engine"))
            .That()
            .DoNotHaveName("EngineServices")
            .ShouldNot()
            .HaveDependencyOnAny("Npgsql", "Marten")
            .GetResult();
        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
    }

    /// <summary>
    /// The saga repository lives in Messaging because MassTransit's interfaces do, and the reconciler reads the saga
    /// documents that are registered there; <c>Transient</c> judges the driver's exceptions.
    /// </summary>
    [Fact]
    public void In_messaging_only_sagas_touch_the_database()
    {
        TestResult result = Types
            .InAssembly(Assembly.Load(Product + "Messaging"))
            .That()
            .DoNotResideInNamespace("Prometheus.Synthetic.Messaging.Sagas")
            .And()
            .DoNotResideInNamespace("Prometheus.Synthetic.Messaging.Reconciler")
            .And()
            .DoNotHaveName("Transient")
            .ShouldNot()
            .HaveDependencyOn("Npgsql")
            .GetResult();
        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
    }

    [Fact]
    public void The_numeric_core_references_the_base_library_and_MathNet_alone()
    {
        string[] allowed = ["MathNet.Numerics", "System.", "System", "netstandard", "mscorlib"];
        Assert.All(
            Assembly.Load(Product + "Scenarios").GetReferencedAssemblies(),
            r =>
                Assert.Contains(
                    allowed,
                    a => r.Name == a || (a.EndsWith('.') && r.Name!.StartsWith(a, StringComparison.Ordinal))
                )
        );
    }

    [Fact]
    public void The_contracts_reference_the_base_library_alone() =>
        Assert.All(
            Assembly.Load(Product + "Contracts").GetReferencedAssemblies(),
            r => Assert.StartsWith("System", r.Name, StringComparison.Ordinal)
        );

    /// <summary>Compiled references, so that a project reference nobody uses does not hide one that somebody does.</summary>
    [Fact]
    public void No_layer_references_a_later_one()
    {
        for (int i = 0; i < s_layers.Length; i++)
        {
            string[] own =
            [
                .. Assembly
                    .Load(Product + s_layers[i])
                    .GetReferencedAssemblies()
                    .Select(r => r.Name!)
                    .Where(n => n.StartsWith(Product, StringComparison.Ordinal)),
            ];
            foreach (string later in s_layers.Skip(i))
                Assert.DoesNotContain(Product + later, own);
        }
    }

    /// <summary>Random numbers and transcendental functions of the platform would end in hashes that differ between machines.</summary>
    [Fact]
    public void The_core_draws_from_no_random_source_of_the_platform()
    {
        TestResult result = Types
            .InAssembly(Assembly.Load(Product + "Scenarios"))
            .ShouldNot()
            .HaveDependencyOnAny(
                "System.Random",
                "System.Security.Cryptography.RandomNumberGenerator",
                "MathNet.Numerics.Random"
            )
            .GetResult();
        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
    }
}
