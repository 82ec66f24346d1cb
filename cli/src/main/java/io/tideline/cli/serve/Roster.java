package io.tideline.cli.serve;

import io.tideline.config.ConfigFile;
import io.tideline.policy.Settings;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The databases that are served, kept as their files say. */
final class Roster {
  private final ConfigFiles files;
  private final Jobs jobs;
  private final Log log;
  private final Map<String, Served> all = new TreeMap<>();
  private final Map<String, String> unusable = new TreeMap<>();

  Roster(ConfigFiles files, Jobs jobs, Log log) {
    this.files = files;
    this.jobs = jobs;
    this.log = log;
  }

  Collection<Served> all() {
    return all.values();
  }

  /** What is wrong with files of which no version was ever right, by label. */
  Map<String, String> unusable() {
    return unusable;
  }

  /** Takes up what changed in the files: new ones, other versions, and those that are gone. */
  void look(Instant now) {
    Map<String, Path> present = files.present();
    for (Served served : all()) {
      if (!present.containsKey(served.label()) && !served.gone) {
        served.leave();
        files.forget(served.label());
        log.info("removed").with("database", served.label()).say("Its file is gone.");
      }
    }
    unusable.keySet().retainAll(present.keySet());
    all.values()
        .removeIf(
            served -> {
              boolean over = served.gone && served.round().isEmpty();
              if (over) {
                served.close();
              }
              return over;
            });
    present.forEach(
        (label, file) -> files.changed(label, file).ifPresent(found -> take(found, now)));
  }

  private void take(ConfigFiles.Version found, Instant now) {
    Optional<ConfigFile> right = found.right();
    String wrong = right.map(config -> wrong(found.label(), config)).orElse(found.wrong());
    if (wrong.startsWith(Served.TAKEN)) {
      files.forget(found.label()); // until the other ends
    }
    if (!wrong.isEmpty()) {
      broken(found, wrong);
      return;
    }
    unusable.remove(found.label());
    ConfigFile config = right.orElseThrow();
    Served served = all.get(found.label());
    if (served == null) {
      served = new Served(found.label(), config, now, lost -> lost(found.label(), lost));
      all.put(found.label(), served);
      loaded("loaded", served);
    } else {
      served.load(config, now, lost -> lost(found.label(), lost));
      served.broken = "";
      served.gone = false;
      loaded("reloaded", served);
    }
    served.save(trouble -> lost(found.label(), trouble));
  }

  private void broken(ConfigFiles.Version found, String wrong) {
    Served served = all.get(found.label());
    if (served == null) {
      if (wrong.equals(unusable.put(found.label(), wrong))) {
        return; // told before
      }
    } else {
      served.broken = wrong;
      served.gone = false;
    }
    log.error("config-broken")
        .with("database", found.label())
        .say(wrong + (served == null ? "" : " The version before goes on."));
  }

  private void loaded(String event, Served served) {
    ConfigFile config = served.config();
    int items = served.items().size();
    (items == 0 ? log.warn(event) : log.info(event))
        .with("database", served.label())
        .with("config", config.path())
        .with("policies", config.timetable().policies().size())
        .with("jobs", config.timetable().jobs().size())
        .say(
            items == 0
                ? "It schedules nothing: add 'cron' or 'every' and policies that are on."
                : "Goes by this version from now on.");
  }

  private void lost(String label, String what) {
    log.error("state").with("database", label).say(what);
  }

  /** What makes a right file unfit beside the others; empty if nothing does. */
  private String wrong(String label, ConfigFile config) {
    List<String> wrong = new ArrayList<>(jobs.problems(config));
    for (Served other : all()) {
      if (!other.label().equals(label) && !other.gone) {
        String shared = shared(config.settings(), other.config().settings());
        if (!shared.isEmpty()) {
          wrong.add(
              "It has the same "
                  + shared
                  + " as "
                  + other.config().path().getFileName()
                  + ": give it one of its own.");
        }
      }
    }
    if (wrong.isEmpty() && taken(label, config.settings().state())) {
      return Served.TAKEN + ", by its lock in " + config.settings().state() + ".";
    }
    return String.join(" ", wrong);
  }

  private boolean taken(String label, Path state) {
    for (Served served : all()) {
      if (served.config().settings().state().equals(state)) {
        // Ours: a file that is gone may have a round to end. To try the lock would let it go.
        return !served.label().equals(label);
      }
    }
    return Memory.taken(state);
  }

  /** Lets others serve them. */
  void close() {
    all().forEach(Served::close);
  }

  private static String shared(Settings one, Settings other) {
    if (one.database().equals(other.database())) {
      return "'database'";
    }
    if (one.archive().equals(other.archive())) {
      return "'archive'";
    }
    return one.state().equals(other.state()) ? "'state'" : "";
  }

  /** What a run begins with: what the file's variables stand for now, if its text is as known. */
  ConfigFile present(Served served) {
    Path file = served.config().path();
    if (served.broken.isEmpty() && files.same(served.label(), file)) {
      files.load(served.label(), file).right().ifPresent(served::refresh);
    }
    return served.config();
  }
}
