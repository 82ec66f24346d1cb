package io.tideline.testkit;

import io.tideline.dialect.DatabaseUrl;
import io.tideline.policy.Action;
import io.tideline.policy.Dependent;
import io.tideline.policy.KeepLatest;
import io.tideline.policy.Pace;
import io.tideline.policy.Policy;
import io.tideline.policy.Reference;
import io.tideline.policy.Settings;
import io.tideline.policy.TimeColumn;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.IntStream;

/** Writes settings as properties and reads them again, to hand them to another JVM. */
final class SettingsText {
  private SettingsText() {}

  static void write(Settings settings, Properties out) {
    out.setProperty("database", settings.database().secret());
    out.setProperty("archive", settings.archive().toString());
    out.setProperty("state", settings.state().toString());
    out.setProperty("pace", settings.pace().base().name());
    settings.floor().ifPresent(floor -> out.setProperty("floor", floor.toString()));
    out.setProperty("policies", Integer.toString(settings.policies().size()));
    for (int i = 0; i < settings.policies().size(); i++) {
      write(settings.policies().get(i), i + ".", out);
    }
    out.setProperty("references", Integer.toString(settings.references().size()));
    for (int i = 0; i < settings.references().size(); i++) {
      Reference reference = settings.references().get(i);
      out.setProperty("references." + i + ".table", reference.table());
      write(reference.columns(), "references." + i + ".columns", out);
      out.setProperty("references." + i + ".to", reference.to());
      write(reference.toColumns(), "references." + i + ".toColumns", out);
    }
  }

  private static void write(List<String> names, String at, Properties out) {
    out.setProperty(at, Integer.toString(names.size()));
    for (int i = 0; i < names.size(); i++) {
      out.setProperty(at + "." + i, names.get(i));
    }
  }

  private static void write(Policy policy, String at, Properties out) {
    out.setProperty(at + "name", policy.name());
    out.setProperty(at + "table", policy.table());
    out.setProperty(at + "action", policy.action().name());
    out.setProperty(at + "format", policy.format());
    out.setProperty(at + "maxValue", Long.toString(policy.maxValue()));
    out.setProperty(at + "maxTree", Integer.toString(policy.maxTree()));
    out.setProperty(at + "stepwise", Boolean.toString(policy.stepwise()));
    out.setProperty(at + "dependents", Integer.toString(policy.dependents().size()));
    for (int i = 0; i < policy.dependents().size(); i++) {
      Dependent dependent = policy.dependents().get(i);
      out.setProperty(at + "dependents." + i + ".table", dependent.table());
      write(dependent.via(), at + "dependents." + i + ".via", out);
      out.setProperty(at + "dependents." + i + ".on", dependent.on().name());
    }
    policy.retain().ifPresent(retain -> out.setProperty(at + "retain", retain.toString()));
    policy.where().ifPresent(where -> out.setProperty(at + "where", where.sql()));
    policy.keepIf().ifPresent(keep -> out.setProperty(at + "keepIf", keep.sql()));
    policy.archiveTable().ifPresent(table -> out.setProperty(at + "archiveTable", table));
    policy
        .keepLatest()
        .ifPresent(
            keep -> {
              out.setProperty(at + "latest", Integer.toString(keep.rows()));
              out.setProperty(at + "per", Integer.toString(keep.per().size()));
              for (int i = 0; i < keep.per().size(); i++) {
                KeepLatest.Part part = keep.per().get(i);
                out.setProperty(at + "per." + i, (part.sql() ? "=" : ":") + part.text());
              }
            });
    policy
        .time()
        .ifPresent(
            time -> {
              time.column().ifPresent(column -> out.setProperty(at + "time", column));
              time.sql().ifPresent(sql -> out.setProperty(at + "timeSql", sql));
              out.setProperty(at + "timeFormat", time.format().name());
              out.setProperty(at + "zone", time.zone().getId());
            });
  }

  static Settings read(Properties in) {
    List<Policy> policies = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(in.getProperty("policies")); i++) {
      policies.add(policy(in, i + "."));
    }
    return new Settings(
        new DatabaseUrl(in.getProperty("database")),
        Path.of(in.getProperty("archive")),
        Path.of(in.getProperty("state")),
        get(in, "floor").map(Duration::parse),
        Pace.of(Pace.Base.valueOf(in.getProperty("pace"))),
        policies,
        references(in));
  }

  private static List<Reference> references(Properties in) {
    List<Reference> references = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(in.getProperty("references")); i++) {
      String at = "references." + i + ".";
      references.add(
          new Reference(
              in.getProperty(at + "table"),
              names(in, at + "columns"),
              in.getProperty(at + "to"),
              names(in, at + "toColumns")));
    }
    return references;
  }

  private static List<Dependent> dependents(Properties in, String at) {
    List<Dependent> dependents = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(in.getProperty(at)); i++) {
      String entry = at + "." + i + ".";
      dependents.add(
          new Dependent(
              in.getProperty(entry + "table"),
              names(in, entry + "via"),
              Dependent.OnRoot.valueOf(in.getProperty(entry + "on"))));
    }
    return dependents;
  }

  private static List<String> names(Properties in, String at) {
    return IntStream.range(0, Integer.parseInt(in.getProperty(at)))
        .mapToObj(i -> in.getProperty(at + "." + i))
        .toList();
  }

  private static Policy policy(Properties in, String at) {
    Optional<TimeColumn> time =
        get(in, at + "zone")
            .map(
                zone ->
                    new TimeColumn(
                        get(in, at + "time"),
                        get(in, at + "timeSql"),
                        TimeColumn.Format.valueOf(in.getProperty(at + "timeFormat")),
                        ZoneId.of(zone)));
    Policy.Builder policy =
        Policy.of(in.getProperty(at + "name"), in.getProperty(at + "table"))
            .action(Action.valueOf(in.getProperty(at + "action")))
            .format(in.getProperty(at + "format"))
            .maxValue(Long.parseLong(in.getProperty(at + "maxValue")))
            .dependents(dependents(in, at + "dependents"))
            .maxTree(Integer.parseInt(in.getProperty(at + "maxTree")))
            .stepwise(Boolean.parseBoolean(in.getProperty(at + "stepwise")));
    time.ifPresent(policy::time);
    get(in, at + "retain").map(Duration::parse).ifPresent(policy::retain);
    get(in, at + "where").ifPresent(policy::where);
    get(in, at + "keepIf").ifPresent(policy::keepIf);
    get(in, at + "archiveTable").ifPresent(policy::archiveTable);
    get(in, at + "latest")
        .ifPresent(
            rows -> policy.keepLatest(new KeepLatest(parts(in, at), Integer.parseInt(rows))));
    return policy.build();
  }

  private static List<KeepLatest.Part> parts(Properties in, String at) {
    List<KeepLatest.Part> parts = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(in.getProperty(at + "per")); i++) {
      String text = in.getProperty(at + "per." + i);
      parts.add(new KeepLatest.Part(text.substring(1), text.charAt(0) == '='));
    }
    return parts;
  }

  private static Optional<String> get(Properties in, String key) {
    return Optional.ofNullable(in.getProperty(key));
  }
}
