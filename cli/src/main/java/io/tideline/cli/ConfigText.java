package io.tideline.cli;

import io.tideline.cli.output.Words;
import io.tideline.config.ConfigFile;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.plan.Proposal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of a configuration that {@code init} proposes. */
final class ConfigText {
  private static final String PASSWORD_VARIABLE = "TIDELINE_DB_PASSWORD";
  private static final Pattern PASSWORD = Pattern.compile("(://[^/@:]*:)([^/]*)@");
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]*");
  private static final Set<String> WORDS = Set.of("null", "true", "false", "~");

  private final Path target;
  private final String typed;
  private final DatabaseUrl url;
  private final Instant now;

  /**
   * @param target the file that will hold the text
   * @param typed the database as the user typed it
   * @param url the same, variables put in
   * @param now what ages count from
   */
  ConfigText(Path target, String typed, DatabaseUrl url, Instant now) {
    this.target = target;
    this.typed = typed;
    this.url = url;
    this.now = now;
  }

  String of(List<Proposal> proposals) {
    StringBuilder text =
        new StringBuilder(
            """
            # yaml-language-server: $schema=.tideline/%s
            # What Tideline does with old rows. Nothing goes while 'retain' is off.
            # See what would go, without changing anything: tideline plan
            version: 1
            database: %s
            archive: ./archive              # segments, manifests, outcomes, holds: keep it safe
            state: ./.tideline              # a cache; 'tideline recover' makes it anew
            floor: 7d                       # no policy, flag or variable keeps rows for less

            policies:%s
            """
                .formatted(
                    ConfigFile.SCHEMA_NAME, quote(database()), proposals.isEmpty() ? " {}" : ""));
    Set<String> names = new HashSet<>();
    for (Proposal proposal : proposals) {
      text.append(policy(proposal, unique(proposal.table(), names), proposals));
      text.append(DependentsText.of(proposal.dependents())).append('\n');
    }
    return text.toString();
  }

  /** The variable that must hold the password, if the user typed one. */
  static Optional<String> passwordVariable(String typed) {
    Matcher matcher = PASSWORD.matcher(typed);
    return matcher.find() && !matcher.group(2).contains("${")
        ? Optional.of(PASSWORD_VARIABLE)
        : Optional.empty();
  }

  private String database() {
    if (!url.scheme().equals("sqlite")) {
      return passwordVariable(typed).isEmpty()
          ? typed
          : PASSWORD.matcher(typed).replaceFirst("$1\\${" + PASSWORD_VARIABLE + "}@");
    }
    if (typed.contains("${")) {
      return typed;
    }
    Path folder = target.getParent();
    Path file = Path.of(url.rest());
    boolean beside = folder != null && file.startsWith(folder);
    Path shown = beside && folder != null ? folder.relativize(file) : file;
    return escape("sqlite:" + shown);
  }

  private String policy(Proposal p, String name, List<Proposal> all) {
    StringBuilder text = new StringBuilder();
    text.append("  # ").append(Words.count(p.rows(), "row")).append(", ");
    text.append(Words.bytes(p.bytes()));
    if (p.oldest().isPresent() && p.newest().isPresent()) {
      text.append("; times from ").append(Words.time(p.oldest()));
      text.append(" (").append(Words.age(p.oldest().get(), now)).append(" ago) to ");
      text.append(Words.time(p.newest()));
    }
    text.append("; written as ").append(Words.encoding(p.encoding())).append('\n');
    if (!p.otherTimes().isEmpty()) {
      text.append("  # other times: ").append(oneLine(String.join(", ", p.otherTimes())));
      text.append('\n');
    }
    String roots = String.join(", ", DependentsText.rootsOf(p.table(), all));
    if (!roots.isEmpty()) {
      text.append("  # goes with the rows it refers to, whatever its age, by the policy of ");
      text.append(oneLine(roots)).append('\n');
    }
    p.remarks().forEach(remark -> text.append("  # note: ").append(oneLine(remark)).append('\n'));
    return text.append(
            """
              %s:
                table: %s
                time: %s
                retain: off                 # 30d, 12h, 8w
                action: archive             # archive | move | delete
            """
                .formatted(name, quote(escape(p.table())), quote(escape(p.time()))))
        .toString();
  }

  /** A name that holds what would be taken for a variable. */
  static String escape(String text) {
    return text.replace("${", "$${");
  }

  static String oneLine(String text) {
    return text.replaceAll("\\R", " ");
  }

  private static String unique(String table, Set<String> taken) {
    String base = table.replaceAll("[^A-Za-z0-9]+", "-").replaceAll("^-+|-+$", "");
    base = base.isEmpty() ? "policy" : base.substring(0, Math.min(50, base.length()));
    String name = base;
    for (int n = 2; !taken.add(name); n++) {
      name = base + "-" + n;
    }
    return name;
  }

  static String quote(String text) {
    boolean plain = PLAIN.matcher(text).matches() && !WORDS.contains(text.toLowerCase(Locale.ROOT));
    return plain || text.matches("sqlite:[A-Za-z0-9_./-]+")
        ? text
        : "'" + text.replace("'", "''") + "'";
  }
}
