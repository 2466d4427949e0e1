using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Prometheus.Synthetic.Scenarios.Generation;
using Prometheus.Synthetic.Scenarios.Hashing;
using Prometheus.Synthetic.Scenarios.Panels;
using Prometheus.Synthetic.Scenarios.Tests.Panels;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Scenarios.Tests.Hashing;

public sealed class HashingTests
{
    /// <summary>RFC 9562, appendix A.4: version 5 of www.example.com in the DNS namespace.</summary>
    [Fact]
    public void Name_based_ids_are_those_of_the_standard() =>
        Assert.Equal(
            new Guid("2ed6657d-e927-568b-95e1-2665a8aea6a2"),
            NameBasedGuid.Create(new Guid("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), "www.example.com"u8)
        );

    [Fact]
    public void The_content_hash_does_not_depend_on_the_cut() =>
        Gen.Select(Gen.Int[1, 50], Gen.Int[1, 50])
            .AlwaysHolds(
                (paths, shard) =>
                {
                    byte[] digests = Digests(paths);
                    using var whole = new ContentHasher(paths, 2, TestPanels.Instruments(2));
                    whole.Append(digests);
                    using var cut = new ContentHasher(paths, 2, TestPanels.Instruments(2));
                    for (int first = 0; first < paths; first += shard)
                        cut.Append(digests.AsSpan(first * 32, Math.Min(shard, paths - first) * 32));
                    Assert.Equal(whole.Finish(), cut.Finish());
                },
                cases: 200
            );

    /// <summary>
    /// The canonical form, written out by hand: anyone can compute it without this code. A change of it is a new
    /// <see cref="ContentHasher.Format"/>.
    /// </summary>
    [Fact]
    public void The_content_hash_is_the_documented_bytes()
    {
        const string header =
            """{"drivers":[{"base_level":100,"id":"EQUITY:N0000","kind":"INSTRUMENT","unit":"simple_return"}],"format":"prometheus-synthetic-content/1","horizon_days":2,"num_paths":1}""";
        byte[] digest = new byte[32];
        double[] values = [0.5, -0.25];
        PathDigest.Compute(values, null, digest);
        byte[] raw = [0, 0, 0, 0, 0, 0, 0xE0, 0x3F, 0, 0, 0, 0, 0, 0, 0xD0, 0xBF];
        byte[] byHand = Sha([.. Sha(raw), .. Sha([])]);
        Assert.Equal(byHand, digest);

        using var hasher = new ContentHasher(1, 2, TestPanels.Instruments(1));
        hasher.Append(digest);
        Assert.Equal(
            "sha256:" + Convert.ToHexStringLower(Sha([.. Encoding.UTF8.GetBytes(header), 0, .. byHand])),
            hasher.Finish()
        );
    }

    [Fact]
    public void A_digest_covers_every_value_and_every_fact()
    {
        var facts = new PathAnnotation
        {
            SourceDates = [new DateOnly(2020, 1, 1)],
            Probability = 0.25,
            Metadata = new JsonObject { ["a"] = 1 },
            Cells = [new CellMark(0, 1, new JsonObject { ["tag"] = "CRASH_GAP" })],
        };
        string[] all =
        [
            Of([1, 2], facts),
            Of([2, 1], facts),
            Of([1, 2], null),
            Of([1, 2], facts with { SourceDates = [new DateOnly(2020, 1, 2)] }),
            Of([1, 2], facts with { Probability = 0.5 }),
            Of([1, 2], facts with { Metadata = new JsonObject { ["a"] = 2 } }),
            Of([1, 2], facts with { Cells = [new CellMark(-1, 1, new JsonObject { ["tag"] = "CRASH_GAP" })] }),
            Of([0.0], null),
            Of([-0.0], null),
        ];
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.Equal(all[0], Of([1, 2], facts with { Metadata = new JsonObject { ["a"] = 1 } }));
    }

    [Fact]
    public void A_hash_of_too_few_paths_or_half_a_digest_is_no_hash()
    {
        using var hasher = new ContentHasher(2, 2, TestPanels.Instruments(1));
        hasher.Append(Digests(1));
        Assert.Throws<InvalidOperationException>(() => hasher.Finish());
        Assert.Throws<ArgumentException>(() => hasher.Append(new byte[31]));
    }

    private static string Of(double[] values, PathAnnotation? facts)
    {
        byte[] digest = new byte[32];
        PathDigest.Compute(values, facts, digest);
        return Convert.ToHexStringLower(digest);
    }

    private static byte[] Sha(byte[] bytes) => System.Security.Cryptography.SHA256.HashData(bytes);

    private static byte[] Digests(int paths)
    {
        byte[] digests = new byte[32 * paths];
        for (int p = 0; p < paths; p++)
            PathDigest.Compute([p, 0.5], null, digests.AsSpan(32 * p));
        return digests;
    }
}
