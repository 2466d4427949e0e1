using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Prometheus.Synthetic.Architecture.Tests;

/// <summary>Habits of the tree that no compiler checks.</summary>
public sealed class RepositoryTests
{
    private static readonly string s_root = Root();

    [Fact]
    public void Every_package_is_pinned_exactly_and_in_one_place()
    {
        XElement[] pins =
        [
            .. XDocument.Load(Path.Combine(s_root, "Directory.Packages.props")).Descendants("PackageVersion"),
        ];
        Assert.NotEmpty(pins);
        Assert.All(pins, p => Assert.Matches(@"^\[[^,\[\]]+\]$", p.Attribute("Version")!.Value));
        Assert.Equal(pins.Length, pins.Select(p => p.Attribute("Include")!.Value).Distinct().Count());
        foreach (string project in Projects())
        {
            Assert.All(
                XDocument.Load(project).Descendants("PackageReference"),
                r => Assert.True(r.Attribute("Version") is null && r.Attribute("VersionOverride") is null, project)
            );
        }
    }

    [Fact]
    public void Contracts_are_referenced_by_messaging_and_hosts_alone()
    {
        string[] allowed = ["Messaging", "Web", "Cli", "Worker"];
        foreach (string project in Projects().Where(p => p.Contains("/src/", StringComparison.Ordinal)))
        {
            bool references = File.ReadAllText(project)
                .Contains("Prometheus.Synthetic.Contracts.csproj", StringComparison.Ordinal);
            string name = Path.GetFileNameWithoutExtension(project).Split('.')[^1];
            Assert.True(!references || allowed.Contains(name), $"{name} references the contracts");
        }
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        string solution = File.ReadAllText(Path.Combine(s_root, "Prometheus.Synthetic.sln"));
        Assert.All(Projects(), p => Assert.Contains(Path.GetFileName(p), solution, StringComparison.Ordinal));
    }

    /// <summary>
    /// Past 400 lines a file is split, whatever it holds. Those that stand here were judged to be one idea each; a file
    /// that has shrunk must leave the list.
    /// </summary>
    [Fact]
    public void Files_are_small_or_on_the_list_of_those_reviewed()
    {
        string[] reviewed = [];
        string[] large =
        [
            .. Directory
                .EnumerateFiles(Path.Combine(s_root, "src"), "*.cs", SearchOption.AllDirectories)
                .Where(f => !Regex.IsMatch(f, "/(bin|obj)/") && File.ReadLines(f).Count() > 400)
                .Select(f => Path.GetRelativePath(s_root, f)),
        ];
        Assert.Equal(reviewed.Order(StringComparer.Ordinal), large.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_relative_link_of_a_document_leads_somewhere()
    {
        string[] documents =
        [
            .. Directory
                .EnumerateFiles(s_root, "*.md", SearchOption.AllDirectories)
                .Where(f => !Regex.IsMatch(Path.GetRelativePath(s_root, f), @"(^|/)(bin|obj|\.[^/]+|node_modules)/")),
        ];
        Assert.NotEmpty(documents);
        string[] broken =
        [
            .. documents.SelectMany(file =>
                Regex
                    .Matches(File.ReadAllText(file), @"\]\((?<target>[^)\s#]+)(#[^)]*)?\)")
                    .Select(m => m.Groups["target"].Value)
                    .Where(target => !Regex.IsMatch(target, "^[a-z]+:"))
                    .Where(target => !Path.Exists(Path.Combine(Path.GetDirectoryName(file)!, target)))
                    .Select(target => $"{Path.GetRelativePath(s_root, file)} -> {target}")
            ),
        ];
        Assert.Empty(broken);
    }

    private static IEnumerable<string> Projects() =>
        Directory
            .EnumerateFiles(s_root, "*.csproj", SearchOption.AllDirectories)
            .Where(f => !Regex.IsMatch(f, "/(bin|obj)/"));

    private static string Root()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Prometheus.Synthetic.sln")))
            at = at.Parent;
        return at?.FullName ?? throw new InvalidOperationException("The tests run outside a checkout.");
    }
}
