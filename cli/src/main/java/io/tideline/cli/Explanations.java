package io.tideline.cli;

import io.tideline.health.Check;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What the documentation says of each finding; it stands in the jar. */
final class Explanations {
  private static final String DOCUMENT = "findings.md";

  private Explanations() {}

  /** The section of a check, without its heading. */
  static String of(Check check) {
    String all = document();
    String heading = "\n## " + check.slug() + "\n";
    int from = all.indexOf(heading);
    if (from < 0) {
      throw new IllegalStateException("Cannot find " + check.slug() + " in " + DOCUMENT);
    }
    int to = all.indexOf("\n## ", from + heading.length());
    return all.substring(from + heading.length(), to < 0 ? all.length() : to).strip();
  }

  /** The whole document. */
  static String document() {
    try (InputStream in = Explanations.class.getResourceAsStream(DOCUMENT)) {
      if (in == null) {
        throw new IllegalStateException("Cannot find " + DOCUMENT + " in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
