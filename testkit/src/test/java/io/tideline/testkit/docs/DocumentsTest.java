package io.tideline.testkit.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.error.ErrorCode;
import io.tideline.error.ExitCode;
import io.tideline.plan.Reason;
import io.tideline.plan.TimeEncoding;
import io.tideline.run.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the documents must hold, and that they hold together. */
final class DocumentsTest {
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");
  private static final Pattern CLASS = Pattern.compile("`([A-Z][A-Za-z]+)(?:\\.[a-z]\\w*)?`");
  private static final Pattern FENCED = Pattern.compile("(?s)```.*?```");

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void everyErrorHasASection(ErrorCode code) {
    String errors = Docs.text("docs/errors.md");
    String heading = "\n## " + code.slug() + "\n";
    assertThat(errors).contains(heading);
    String section = errors.substring(errors.indexOf(heading) + heading.length());
    int next = section.indexOf("\n## ");
    assertThat(next < 0 ? section : section.substring(0, next))
        .as(code.slug())
        .contains("Exit code " + code.exitCode().number() + ".")
        .contains("State:")
        .contains("Mend:");
  }

  @Test
  void everyExitCodeIsExplained() {
    String errors = Docs.text("docs/errors.md");
    for (ExitCode code : ExitCode.values()) {
      assertThat(errors).contains("\n| " + code.number() + " | ");
    }
  }

  @Test
  void everyReasonForWhichARowStaysIsExplained() {
    String policies = Docs.text("docs/policies.md");
    for (Reason reason : Reason.values()) {
      assertThat(policies).contains("| `" + reason.word() + "` |");
    }
  }

  @Test
  void everyShapeOfTimesIsExplained() {
    String policies = Docs.text("docs/policies.md");
    for (TimeEncoding.Shape shape : TimeEncoding.Shape.values()) {
      assertThat(policies).contains("`" + shape.word() + "`");
    }
  }

  @Test
  void everyStepIsNamedWhereAKillAtItIsAnswered() {
    String whatIf = Docs.text("docs/what-if.md");
    for (Step step : Step.values()) {
      assertThat(whatIf).contains("`" + step.word() + "`");
    }
  }

  @Test
  void theJavaExampleIsTheOneThatRuns() {
    String source =
        Docs.text("testkit/src/test/java/io/tideline/testkit/docs/LibraryExampleTest.java");
    int from = source.indexOf("// tag::library[]") + "// tag::library[]\n".length();
    String region = source.substring(from, source.indexOf("// end::library[]")).stripTrailing();
    assertThat(region.lines().count()).isLessThanOrEqualTo(20);
    assertThat(Docs.text("README.md"))
        .contains("```java\n" + region.stripIndent().stripTrailing() + "\n```");
  }

  @Test
  void everyLinkLeadsSomewhere() {
    List<String> dead = new ArrayList<>();
    for (Path document : Docs.all()) {
      String text = FENCED.matcher(Docs.text(document.toString())).replaceAll("");
      Matcher link = LINK.matcher(text);
      while (link.find()) {
        if (!resolves(document, link.group(1))) {
          dead.add(document + " -> " + link.group(1));
        }
      }
    }
    assertThat(dead).isEmpty();
  }

  private static boolean resolves(Path document, String target) {
    if (target.matches("[a-z]+:.*")) {
      return target.startsWith("https://");
    }
    int hash = target.indexOf('#');
    String file = hash < 0 ? target : target.substring(0, hash);
    Path folder = document.getParent() == null ? Path.of("") : document.getParent();
    Path to = file.isEmpty() ? document : folder.resolve(file).normalize();
    if (!Files.exists(Docs.root().resolve(to))) {
      return false;
    }
    return hash < 0 || anchors(Docs.text(to.toString())).contains(target.substring(hash + 1));
  }

  private static List<String> anchors(String text) {
    List<String> anchors = new ArrayList<>();
    Matcher heading = HEADING.matcher(FENCED.matcher(text).replaceAll(""));
    while (heading.find()) {
      anchors.add(
          heading
              .group(1)
              .toLowerCase(Locale.ROOT)
              .replaceAll("[^\\p{L}\\p{N} _-]", "")
              .replace(' ', '-'));
    }
    return anchors;
  }

  @Test
  void everyClassThatTheArchitectureNamesExists() throws IOException {
    Set<String> files;
    try (Stream<Path> tree = Files.walk(Docs.root())) {
      files =
          tree.filter(file -> file.toString().contains("/src/main/java/"))
              .map(file -> file.getFileName().toString())
              .collect(Collectors.toSet());
    }
    List<String> named =
        CLASS.matcher(Docs.text("ARCHITECTURE.md")).results().map(found -> found.group(1)).toList();
    assertThat(named).hasSizeGreaterThan(20);
    assertThat(named)
        .filteredOn(name -> !name.equals("ServiceLoader"))
        .allSatisfy(name -> assertThat(files).contains(name + ".java"));
  }

  @Test
  void everyDocumentIsListed() {
    String index = Docs.text("README.md");
    for (Path document : Docs.all()) {
      boolean decision = document.startsWith("docs/adr");
      if (document.startsWith("docs") && !decision) {
        assertThat(index).contains("(" + document + ")");
      }
      if (decision && !document.endsWith("README.md")) {
        assertThat(Docs.text("docs/adr/README.md")).contains("(" + document.getFileName() + ")");
      }
    }
  }
}
