using System.Globalization;
using System.Text.Json.Nodes;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.Scenarios.Json;

namespace Prometheus.Synthetic.Scenarios.Numerics;

/// <summary>
/// The p-value of a goodness-of-fit statistic whose parameters were estimated from the same data: the model is drawn from,
/// fitted again and measured, many times over (Stute, González Manteiga and Presedo Quindimil, Metrika 40, 1993; for
/// copulas Genest, Rémillard and Beaudoin, Insurance: Mathematics and Economics 44, 2009). Tables for known parameters
/// would lean high, because a fit to the data is nearer to them than the truth is.
/// </summary>
/// <param name="PValue">(1 + replicates at least as far off)/(1 + replicates); NaN when more than half could not be fitted.</param>
/// <param name="Replicates">Those that could be fitted.</param>
/// <param name="Failed">Those that could not.</param>
public sealed record ParametricBootstrap(double PValue, int Replicates, int Failed)
{
    public const int MostReplicates = 1_000;

    /// <summary>Fits of one series or pair at most; a fit takes milliseconds.</summary>
    public const int MostFits = 20_000;

    /// <summary>Fewer cannot give a p below 1 %, where a verdict turns, when two statistics share one verdict.</summary>
    public const int FewestReplicates = 200;

    /// <summary>A number of replicates; 0, and absent, for none.</summary>
    public static int Read(SpecReader reader, string key)
    {
        int replicates = reader.Integer(key, 0, 0, MostReplicates);
        if (replicates is > 0 and < FewestReplicates)
            reader.Refuse(
                ErrorCodes.OutOfRange,
                key,
                $"{replicates} replicates are too few to show a p of 1 % by either of two statistics; give 0 for none or {FewestReplicates}..{MostReplicates}"
            );
        return replicates;
    }

    /// <param name="statistic">Of the data; larger is worse.</param>
    /// <param name="replicate">
    /// The statistic of replicate b, a pure function of b; a refusal says that it could not be fitted.
    /// </param>
    public static ParametricBootstrap Of(double statistic, int replicates, Func<int, double> replicate) =>
        Of([statistic], replicates, b => [replicate(b)])[0];

    /// <summary>As above for several statistics of the same replicates.</summary>
    public static ParametricBootstrap[] Of(double[] statistics, int replicates, Func<int, double[]> replicate)
    {
        double[]?[] found = new double[]?[replicates];
        Parallel.For(
            0,
            replicates,
            b =>
            {
                try
                {
                    found[b] = replicate(b);
                }
                catch (ScenarioRefusedException)
                {
                    found[b] = null;
                }
            }
        );
        int failed = found.Count(f => f is null);
        int done = replicates - failed;
        return
        [
            .. statistics.Select(
                (statistic, k) =>
                {
                    int beyond = found.Count(f => f is not null && f[k] >= statistic);
                    double p = 2 * failed > replicates ? double.NaN : (1.0 + beyond) / (1.0 + done);
                    return new ParametricBootstrap(p, done, failed);
                }
            ),
        ];
    }

    /// <exception cref="ScenarioRefusedException">More fits than <see cref="MostFits"/> would be made.</exception>
    public static void RefuseTooMany(int replicates, long fits, string what, string field)
    {
        if (replicates * fits > MostFits)
            throw new ScenarioRefusedException(
                ErrorCodes.OverLimit,
                field,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{replicates} replicates of {fits} {what} are {replicates * fits} fits; at most {MostFits} are made; ask for {Math.Max(0, MostFits / fits)} or fewer"
                )
            );
    }

    public JsonObject Describe() =>
        new()
        {
            ["p_value"] = double.IsNaN(PValue) ? null : PValue,
            ["method"] = "parametric bootstrap",
            ["replicates"] = Replicates,
            ["failed"] = Failed,
        };
}
