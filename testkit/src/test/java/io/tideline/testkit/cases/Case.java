package io.tideline.testkit.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.testkit.Product;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A folder of {@code cases/} on one database. */
record Case(Path folder, Product product) {
  private static final Pattern FILE =
      Pattern.compile(
          "(schema(\\.sqlite|\\.postgresql)?\\.sql|policy(\\.sqlite|\\.postgresql)?\\.yaml"
              + "|expected(\\.sqlite|\\.postgresql)?\\.json|expect_failure)");

  /** Every case on each database that it has a schema for, in the order of their names. */
  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    for (Path folder : list(root().resolve("cases"))) {
      if (!Files.isDirectory(folder)) {
        continue;
      }
      assertThat(list(folder).stream().map(file -> file.getFileName().toString()))
          .as("the files of %s", folder)
          .allMatch(name -> FILE.matcher(name).matches());
      Arrays.stream(Product.values())
          .map(product -> new Case(folder, product))
          .filter(each -> each.file("schema", "sql").isPresent())
          .filter(each -> each.expected().databases().contains(word(each.product())))
          .forEach(cases::add);
    }
    return cases;
  }

  private static Path root() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("mvnw"))) {
      at = at.getParent();
    }
    return at;
  }

  private static List<Path> list(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String word(Product product) {
    return product.name().toLowerCase(Locale.ROOT);
  }

  String database() {
    return word(product);
  }

  String name() {
    return folder.getFileName() + " on " + database();
  }

  String schema() {
    return text(file("schema", "sql").orElseThrow());
  }

  String policy() {
    return text(
        file("policy", "yaml").orElseThrow(() -> new AssertionError(name() + " has no policy")));
  }

  Expected expected() {
    return file("expected", "json")
        .map(file -> Expected.parse(file.toString(), text(file)))
        .orElseGet(() -> Expected.parse(name(), "{}"));
  }

  /** The exit code and the parts of the message of a refusal, a line each. */
  Optional<List<String>> failure() {
    Path file = folder.resolve("expect_failure");
    return Files.exists(file) ? Optional.of(text(file).strip().lines().toList()) : Optional.empty();
  }

  /** The file of this database, or else the one for both. */
  private Optional<Path> file(String name, String extension) {
    return Stream.of(name + "." + database() + "." + extension, name + "." + extension)
        .map(folder::resolve)
        .filter(Files::exists)
        .findFirst();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return name();
  }
}
