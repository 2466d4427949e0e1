using System.Text;

namespace Prometheus.Synthetic.Engine.Audit;

/// <summary>The sheet as a Markdown document for filing.</summary>
public static class AuditMarkdown
{
    public static string Write(AuditSheet sheet)
    {
        var text = new StringBuilder();
        text.Append("# Scenario set ").Append(Escape(sheet.Set.Name)).Append(" version ").Append(sheet.Set.Version);
        text.Append("\n\n");
        if (sheet.Set.DefensiveTest)
            text.Append("**Defensive test.** Used for evaluating resilience and nothing else.\n\n");
        foreach (AuditSection section in AuditSections.Of(sheet))
        {
            text.Append("## ").Append(section.Title).Append("\n\n");
            if (section.Lines.Count == 0)
                text.Append("Nothing.\n\n");
            else
            {
                text.Append("| | |\n|---|---|\n");
                foreach ((string label, string value) in section.Lines)
                    text.Append("| ").Append(Escape(label)).Append(" | ").Append(Escape(value)).Append(" |\n");
                text.Append('\n');
            }
        }

        text.Append("## All drivers\n\n| kind | id | unit | base level |\n|---|---|---|---|\n");
        foreach (Scenarios.Panels.Driver d in sheet.Drivers)
            text.Append("| ")
                .Append(d.Kind.ToString().ToLowerInvariant())
                .Append(" | ")
                .Append(Escape(d.Id))
                .Append(" | ")
                .Append(Escape(d.Unit))
                .Append(" | ")
                .Append(d.BaseLevel?.ToString("R", System.Globalization.CultureInfo.InvariantCulture) ?? "")
                .Append(" |\n");
        return text.ToString();
    }

    /// <summary>What a caller wrote must not become markup, nor end its table cell.</summary>
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 8);
        foreach (char c in text.ReplaceLineEndings(" "))
        {
            if (c is '\\' or '|' or '*' or '`' or '<' or '>' or '[' or ']' or '#')
                escaped.Append('\\');
            escaped.Append(c);
        }

        return escaped.ToString();
    }
}
