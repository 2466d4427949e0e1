using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Contracts;

namespace Prometheus.Synthetic.Contracts.Tests;

/// <summary>
/// The rule is additive only, and the samples that were ever published are its judge: none may change or go, and all
/// must pass <see cref="SampleTests"/> for ever. A new sample is a new file and a new line in the manifest.
/// </summary>
public class EvolutionTests
{
    private const string HowToAdd =
        "A kept sample is never edited or removed: messages like it are in queues and journals. Put the new shape into a "
        + "new file and add its line to contracts/samples/KEPT.sha256 (see contracts/README.md).";

    [Fact]
    public void Kept_samples_are_unchanged()
    {
        foreach ((string hash, string file) in Kept())
        {
            string path = Path.Combine(ContractFiles.Samples, file);
            Assert.True(File.Exists(path), $"{file} is gone. {HowToAdd}");
            string actual = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
            Assert.True(hash == actual, $"{file} was altered. {HowToAdd}");
        }
    }

    [Fact]
    public void Every_sample_is_kept()
    {
        IEnumerable<string> onDisk = Directory
            .GetFiles(ContractFiles.Samples, "*.json", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(ContractFiles.Samples, f).Replace('\\', '/'));
        Assert.Equal(onDisk.Order(StringComparer.Ordinal), Kept().Select(k => k.File).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_manifest_never_loses_the_first_release()
    {
        // Removing a sample together with its line would pass the tests above; the first release is pinned once more.
        string[] first = [.. Kept().Where(k => FirstRelease.Contains(k.File)).Select(k => $"{k.Hash} {k.File}")];
        Assert.Equal(FirstRelease.Length, first.Length);
        byte[] lines = System.Text.Encoding.UTF8.GetBytes(string.Join('\n', first.Order(StringComparer.Ordinal)));
        Assert.Equal(FirstReleaseHash, Convert.ToHexStringLower(SHA256.HashData(lines)));
    }

    [Fact]
    public void The_samples_of_a_message_together_hold_every_member_of_its_schema()
    {
        foreach (ContractName contract in ContractNames.All)
        {
            JsonObject properties = ContractFiles.SchemaNode(contract.SchemaFile)["properties"]!.AsObject();
            HashSet<string> seen =
            [
                .. ContractFiles
                    .SamplesOf(contract)
                    .SelectMany(f => JsonNode.Parse(File.ReadAllText(f))!.AsObject().Select(p => p.Key)),
            ];
            Assert.Superset(properties.Select(p => p.Key).ToHashSet(), seen);
        }
    }

    private static readonly string[] FirstRelease =
    [
        "cancel-scenario-set-generation/v1-full.json",
        "fragility-computed/v1-full.json",
        "fragility-computed/v1-minimal.json",
        "generate-scenario-set/v1-fragility-adversarial.json",
        "generate-scenario-set/v1-full.json",
        "generate-scenario-set/v1-minimal.json",
        "generate-shard/v1-full.json",
        "monthly-refresh-due/v1-full.json",
        "monthly-refresh-due/v1-minimal.json",
        "plan-scenario-set/v1-full.json",
        "plan-scenario-set/v1-minimal.json",
        "scenario-set-generated/v1-evicted.json",
        "scenario-set-generated/v1-fragility-adversarial.json",
        "scenario-set-generated/v1-full.json",
        "scenario-set-generated/v1-minimal.json",
        "scenario-set-generation-failed/v1-cancelled.json",
        "scenario-set-generation-failed/v1-failed.json",
        "scenario-set-generation-failed/v1-refused.json",
        "scenario-set-generation-stopped/v1-full.json",
        "scenario-set-generation-stopped/v1-minimal.json",
        "scenario-set-planned/v1-full.json",
        "scenario-set-progressed/v1-generating.json",
        "scenario-set-progressed/v1-planning.json",
        "seal-scenario-set/v1-full.json",
        "shard-generated/v1-full.json",
        "start-scenario-set-generation/v1-full.json",
        "start-scenario-set-generation/v1-minimal.json",
    ];

    private const string FirstReleaseHash = "740e8be05b25e97943d89096a27ecc3991fce74c2c175c752184cf9458533cea";

    private static IEnumerable<(string Hash, string File)> Kept() =>
        File.ReadAllLines(ContractFiles.Manifest)
            .Where(line => line.Length > 0)
            .Select(line => line.Split("  ", 2))
            .Select(parts => (parts[0], parts[1]));
}
