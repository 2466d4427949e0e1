using Prometheus.Synthetic.Scenarios.Errors;

namespace Prometheus.Synthetic.Messaging.Policies;

/// <summary>The policies of a folder: at most one per market family. Read whole or refused whole.</summary>
public sealed class PolicyLibrary
{
    /// <summary>The folder of the ready-made policies beside the program.</summary>
    public static string ReadyMade { get; } = Path.Combine(AppContext.BaseDirectory, "policies");

    private readonly Dictionary<string, RefreshPolicy> _byMarket;

    private PolicyLibrary(IEnumerable<RefreshPolicy> policies) =>
        _byMarket = policies.ToDictionary(p => p.Market, StringComparer.Ordinal);

    /// <summary>In the order of their markets.</summary>
    public IEnumerable<RefreshPolicy> All => _byMarket.Values.OrderBy(p => p.Market, StringComparer.Ordinal);

    /// <summary>The policy of a market family; null when none covers it.</summary>
    public RefreshPolicy? For(string market) => _byMarket.GetValueOrDefault(market);

    /// <summary>Reads and checks every <c>*.yaml</c> of a folder.</summary>
    /// <exception cref="ScenarioRefusedException">Everything wrong with any of them, each with its file.</exception>
    public static PolicyLibrary Load(string folder, PolicyCheck check)
    {
        IReadOnlyList<PolicyFinding> findings = Inspect(folder, check);
        FieldError[] errors = [.. findings.SelectMany(f => f.Errors)];
        return errors.Length == 0
            ? new PolicyLibrary(findings.Select(f => f.Policy!))
            : throw new ScenarioRefusedException(errors);
    }

    /// <summary>As <see cref="Load"/>, file by file and without refusing.</summary>
    public static IReadOnlyList<PolicyFinding> Inspect(string folder, PolicyCheck check)
    {
        if (!Directory.Exists(folder))
            throw new ScenarioRefusedException(
                ErrorCodes.NotFound,
                "policies",
                $"there is no folder {folder}; SYNTHETIC_POLICIES names the folder of the policy files"
            );
        var findings = new List<PolicyFinding>();
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string file in Directory.GetFiles(folder, "*.yaml").Order(StringComparer.Ordinal))
        {
            PolicyFinding finding = InspectFile(file, check);
            if (finding.Policy is { } policy && !owners.TryAdd(policy.Market, finding.File))
            {
                finding = finding with
                {
                    Errors =
                    [
                        .. finding.Errors,
                        new(
                            ErrorCodes.Conflict,
                            $"{finding.File}: market",
                            $"{policy.Market} is covered by {owners[policy.Market]} already; keep one"
                        ),
                    ],
                };
            }

            findings.Add(finding);
        }

        return findings;
    }

    /// <summary>One file.</summary>
    public static PolicyFinding InspectFile(string file, PolicyCheck check)
    {
        string name = Path.GetFileName(file);
        RefreshPolicy? policy = null;
        try
        {
            policy = PolicyReader.Read(PolicyFile.ToJson(File.ReadAllText(file)));
            return new PolicyFinding(name, policy, [.. check.Errors(policy).Select(e => Located(name, e))]);
        }
        catch (ScenarioRefusedException refused)
        {
            return new PolicyFinding(name, policy, [.. refused.Errors.Select(e => Located(name, e))]);
        }
    }

    private static FieldError Located(string file, FieldError error) =>
        error with
        {
            Field = error.Field.Length == 0 ? file : $"{file}: {error.Field}",
        };
}

/// <summary>What came of reading one policy file.</summary>
/// <param name="Policy">Null when it could not be read.</param>
/// <param name="Errors">Fields begin with the file's name.</param>
public sealed record PolicyFinding(string File, RefreshPolicy? Policy, IReadOnlyList<FieldError> Errors);
