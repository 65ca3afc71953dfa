using Eclusier.Evidence;
using Eclusier.Files;

namespace Eclusier.Reports;

/// <summary>Writes <c>report.md</c> and <c>report.html</c> into the run's folder, readable by their owner only.</summary>
public static class ReportWriter
{
    public static ReportFiles Write(RunRecord record, Language language, string folder)
    {
        var markdown = MarkdownReport.Write(record, language);
        var files = new ReportFiles(Path.Combine(folder, "report.md"), Path.Combine(folder, "report.html"));
        WriteWhole(files.Markdown, markdown);
        WriteWhole(files.Html, HtmlReport.Of(markdown, record, language));
        return files;
    }

    private static void WriteWhole(string path, string text)
    {
        try
        {
            WholeFile.Write(path, text);
        }
        catch (Exception error) when (DiskFault.Is(error))
        {
            throw new UnavailableException(
                new Text($"The run has ended, but its report cannot be written: {error.Message}", $"L'exécution est terminée, mais son rapport ne peut pas être écrit : {error.Message}"),
                path,
                new Text("Make room on that disk, then run `eclusier report`: the journal holds everything.", "Libérez de la place sur ce disque, puis lancez `eclusier report` : le journal contient tout."),
                error);
        }
    }
}
