namespace Eclusier.Reports;
public static class ReportWriter { public static Runs.ReportFiles Write(Runs.RunRecord r, Language l, string f) => new(f, f); }
