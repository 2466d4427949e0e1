using System.Reflection;
using System.Text.RegularExpressions;
using Prometheus.Synthetic.Scenarios.Errors;
using Prometheus.Synthetic.TestKit;

namespace Prometheus.Synthetic.Scenarios.Tests.Errors;

public sealed class ErrorCodesTests
{
    [Fact]
    public void The_conventions_explain_every_code_and_no_other()
    {
        string[] codes =
        [
            .. typeof(ErrorCodes)
                .GetFields(BindingFlags.Public | BindingFlags.Static)
                .Where(f => f.IsLiteral)
                .Select(f => (string)f.GetRawConstantValue()!)
                .Order(StringComparer.Ordinal),
        ];
        string table = File.ReadAllText(Repository.PathOf("docs/conventions.md"))
            .Split("| code | meaning |", 2)[1]
            .Split("\n\n", 2)[0];
        string[] explained =
        [
            .. table
                .Split('\n')
                .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
                .SelectMany(line => Regex.Matches(line.Split('|')[1], "`(?<code>[a-z-]+)`"))
                .Select(m => m.Groups["code"].Value)
                .Order(StringComparer.Ordinal),
        ];
        Assert.Equal(codes, explained);
    }
}
