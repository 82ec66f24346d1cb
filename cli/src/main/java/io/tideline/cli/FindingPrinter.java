package io.tideline.cli;

import io.tideline.cli.output.Style;
import io.tideline.health.Certainty;
import io.tideline.health.Finding;
import io.tideline.health.Remedy;
import io.tideline.health.Severity;
import java.io.PrintStream;
import java.util.Locale;

/** Prints a finding for a person. */
final class FindingPrinter {
  private final PrintStream out;
  private final Style style;

  FindingPrinter(PrintStream out, Style style) {
    this.out = out;
    this.style = style;
  }

  void print(Finding finding) {
    print(severity(finding.severity()), finding);
  }

  /** Prints a finding with something else in the place of its severity. */
  void print(String lead, Finding finding) {
    out.println(
        lead + "  " + style.bold(finding.place()) + "  " + style.dim(finding.check().slug()));
    out.println("    " + capital(finding.what()) + ": " + finding.why() + ".");
    if (finding.certainty() != Certainty.SURE) {
      out.println(
          style.dim(
              "    "
                  + (finding.certainty() == Certainty.LIKELY ? "Likely" : "A guess")
                  + ", by "
                  + finding.basis()
                  + "."));
    }
    finding.remedies().forEach(this::print);
  }

  private void print(Remedy remedy) {
    String lead = remedy.kind() == Remedy.Kind.SHELL ? "$ " : "";
    out.println("    " + style.good(lead + remedy.text()));
    if (!remedy.note().isEmpty()) {
      out.println(style.dim("      " + remedy.note()));
    }
  }

  private String severity(Severity severity) {
    String word = severity.name().toLowerCase(Locale.ROOT);
    return switch (severity) {
      case CRITICAL -> style.bad(word);
      case WARNING -> style.warn(word) + " ";
      case INFO -> word + "    ";
    };
  }

  private static String capital(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
