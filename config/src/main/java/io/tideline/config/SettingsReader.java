package io.tideline.config;

import io.tideline.dialect.DatabaseUrl;
import io.tideline.policy.Action;
import io.tideline.policy.BackupPlace;
import io.tideline.policy.Pace;
import io.tideline.policy.Payloads;
import io.tideline.policy.Policy;
import io.tideline.policy.Reference;
import io.tideline.policy.Retain;
import io.tideline.policy.Settings;
import io.tideline.policy.Terms;
import io.tideline.tuning.Backfill;
import io.tideline.tuning.IndexSpec;
import io.tideline.tuning.PartitionRule;
import io.tideline.tuning.Tuning;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads the top of the file. */
final class SettingsReader {
  private static final String VERSION = "1";

  private final Reading reading;
  private final Locations locations;
  private final String name;

  SettingsReader(Reading reading, Locations locations, String name) {
    this.name = name;
    this.reading = reading;
    this.locations = locations;
  }

  /** The settings; empty, with problems noted, if something needed is missing. */
  Optional<Settings> read(Node root) {
    return Entries.of(root, "the file", Keys.TOP, reading).flatMap(this::read);
  }

  /** Each of several files in a folder has a folder of its own. */
  private Path usualState() {
    String own = name.equals(ConfigFile.NAME) ? "" : "/" + name.replaceFirst("\\.ya?ml$", "");
    return locations.path(".tideline" + own);
  }

  private Optional<Settings> read(Entries entries) {
    version(entries);
    Optional<DatabaseUrl> database =
        entries.required("database", "database: sqlite:/path/to.db").flatMap(this::database);
    Optional<Path> archive = entries.required("archive", "archive: ./archive").flatMap(this::path);
    Path state = entries.scalar("state").flatMap(this::path).orElseGet(this::usualState);
    Optional<Duration> floor =
        entries
            .scalar("floor")
            .flatMap(s -> reading.parse(s, t -> Retain.parse(t, entries.label("floor"))))
            .flatMap(d -> d);
    Terms terms = new TermsReader(reading).read(entries, Terms.of(Pace.GENTLE));
    Map<String, Terms> own = new HashMap<>();
    List<Policy> policies = policies(entries, floor, terms, own);
    List<Reference> references = references(entries);
    Optional<Payloads> payloads =
        entries
            .value("payloads")
            .filter(n -> !n.getTag().equals(Tag.NULL))
            .flatMap(n -> new PayloadsReader(reading, locations, floor).read(n));
    List<Backfill> backfills =
        entries
            .value("backfills")
            .filter(n -> !n.getTag().equals(Tag.NULL))
            .map(n -> new BackfillsReader(reading).read(n))
            .orElse(List.of());
    Optional<BackupPlace> backups =
        entries
            .value("backup")
            .filter(n -> !n.getTag().equals(Tag.NULL))
            .flatMap(n -> new BackupReader(reading, locations).read(n));
    List<IndexSpec> indexes =
        entries
            .value("indexes")
            .filter(n -> !n.getTag().equals(Tag.NULL))
            .map(n -> new IndexesReader(reading, database.map(DatabaseUrl::scheme)).read(n))
            .orElse(List.of());
    List<PartitionRule> partitions =
        entries
            .value("partitions")
            .filter(n -> !n.getTag().equals(Tag.NULL))
            .map(n -> new PartitionsReader(reading).read(n))
            .orElse(List.of());
    return database
        .flatMap(
            d ->
                archive.map(
                    a -> new Settings(d, a, state, floor, terms.pace(), policies, references)))
        .map(settings -> settings.withTerms(terms, own))
        .map(settings -> payloads.map(settings::withPayloads).orElse(settings))
        .map(settings -> backups.map(settings::withBackups).orElse(settings))
        .map(settings -> settings.withTuning(new Tuning(indexes, backfills, partitions)));
  }

  private List<Reference> references(Entries entries) {
    return entries
        .value("references")
        .filter(n -> !n.getTag().equals(Tag.NULL))
        .map(n -> new ReferencesReader(reading).read(n, entries.label("references")))
        .orElse(List.of());
  }

  private void version(Entries entries) {
    Optional<Scalar> version = entries.required("version", "version: 1");
    if (version.isEmpty() || version.get().value().equals(VERSION)) {
      return;
    }
    boolean newer = version.get().value().matches("\\d{1,9}") && !version.get().value().equals("0");
    reading.problem(
        version.get().node(),
        "This Tideline reads version 1 of the file, not '" + version.get().raw() + "'.",
        newer ? "Use a newer Tideline for this file." : "Write 'version: 1'.");
  }

  private Optional<DatabaseUrl> database(Scalar scalar) {
    try {
      return Optional.of(locations.database(scalar.value()));
    } catch (InvalidPathException e) {
      return notAPath(scalar);
    }
  }

  private Optional<Path> path(Scalar scalar) {
    try {
      return Optional.of(locations.path(scalar.value()));
    } catch (InvalidPathException e) {
      return notAPath(scalar);
    }
  }

  private <T> Optional<T> notAPath(Scalar scalar) {
    reading.problem(scalar.node(), "'" + scalar.raw() + "' is not a path.", "Write a path.");
    return Optional.empty();
  }

  private List<Policy> policies(
      Entries entries, Optional<Duration> floor, Terms terms, Map<String, Terms> own) {
    Optional<Node> node = entries.value("policies").filter(n -> !n.getTag().equals(Tag.NULL));
    List<Policy> policies = new ArrayList<>();
    PolicyReader reader = new PolicyReader(reading, floor, terms, own);
    node.flatMap(n -> Entries.ofNames(n, "'policies' of the file", reading))
        .ifPresent(
            names -> {
              names.values().forEach((name, n) -> reader.read(name, n).ifPresent(policies::add));
              archiveTables(names, policies);
            });
    return policies;
  }

  /** Rows of an archive table must be one table's, and no policy may clean it. */
  private void archiveTables(Entries names, List<Policy> policies) {
    Map<String, Policy> sources = new HashMap<>();
    for (Policy policy : policies) {
      if (policy.action() == Action.MOVE) {
        String target = archiveTable(policy);
        Optional<Policy> own =
            policies.stream().filter(each -> each.table().equalsIgnoreCase(target)).findFirst();
        Policy other = sources.putIfAbsent(target.toLowerCase(Locale.ROOT), policy);
        if (own.isPresent()) {
          shared(names, policy, target, "that is the table of policy '" + own.get().name() + "'");
        } else if (other != null && !other.table().equalsIgnoreCase(policy.table())) {
          shared(
              names, policy, target, "policy '" + other.name() + "' moves another table's there");
        }
      }
    }
  }

  private static String archiveTable(Policy policy) {
    String table = policy.table();
    int name = table.lastIndexOf('.') + 1;
    return table.substring(0, name)
        + policy.archiveTable().orElse(table.substring(name) + "_archive");
  }

  private void shared(Entries names, Policy policy, String target, String why) {
    reading.problem(
        names.value(policy.name()).orElse(names.node()),
        "Policy '" + policy.name() + "' cannot move rows to " + target + ": " + why + ".",
        "Give it an 'archive_table' of its own.");
  }
}
