package io.tideline.cli.serve;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How everything stands, for whoever asks whether all is well. */
final class Health {
  private Health() {}

  /** Whether nothing is wrong. */
  static boolean well(Picture picture) {
    return picture.unusable().isEmpty()
        && picture.databases().stream().allMatch(each -> each.problems().isEmpty());
  }

  static JsonObject document(Picture picture) {
    JsonObject document = new JsonObject();
    document.addProperty("status", well(picture) ? "ok" : "failing");
    document.addProperty("at", picture.at().toString());
    document.addProperty("stopping", picture.stopping());
    document.addProperty("notices_untold", picture.untold());
    JsonArray databases = new JsonArray();
    picture.databases().forEach(each -> databases.add(database(each)));
    picture.unusable().forEach((label, wrong) -> databases.add(unusable(label, wrong)));
    document.add("databases", databases);
    return document;
  }

  private static JsonObject unusable(String label, String wrong) {
    JsonObject document = new JsonObject();
    document.addProperty("database", label);
    JsonArray problems = new JsonArray();
    problems.add("The file cannot be used: " + wrong);
    document.add("problems", problems);
    return document;
  }

  private static JsonObject database(Picture.OfDatabase database) {
    JsonObject document = new JsonObject();
    document.addProperty("database", database.database());
    document.addProperty("config", database.config());
    document.addProperty("running", database.running());
    document.addProperty("waiting", database.waitingFor());
    document.addProperty("bytes", database.bytes() < 0 ? null : database.bytes());
    document.addProperty("in_doubt", database.inDoubt() < 0 ? null : database.inDoubt());
    JsonArray items = new JsonArray();
    database.items().forEach(each -> items.add(item(each)));
    document.add("items", items);
    JsonArray problems = new JsonArray();
    database.problems().forEach(problems::add);
    document.add("problems", problems);
    return document;
  }

  private static JsonObject item(Picture.OfItem item) {
    JsonObject document = new JsonObject();
    document.addProperty("name", item.name());
    document.addProperty("kind", item.kind());
    document.addProperty("next_run", text(item.next()));
    document.addProperty("last_started", text(item.startedAt()));
    document.addProperty("last_finished", text(item.finishedAt()));
    document.addProperty("last_success", text(item.succeededAt()));
    document.addProperty("last_exit", item.exit() < 0 ? null : item.exit());
    document.addProperty("last_run", item.run());
    if (item.kind().equals("policy")) {
      document.addProperty("removed", item.removed());
      document.addProperty("expired", item.expired() < 0 ? null : item.expired());
      document.addProperty("alarm", item.alarmed());
    }
    return document;
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }
}
