package io.tideline.services.accounts;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.tideline.services.web.Body;
import io.tideline.services.web.Refused;
import io.tideline.services.web.Web;
import io.tideline.store.SnapshotCache;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the service answers. */
final class AccountsApi {
  private static final int LARGEST = 1 << 20;
  private static final int LONGEST_ID = 200;
  private static final int MOST_PINNED = 10_000;

  private final SnapshotCache<Accounts.Snapshot> page;
  private final SnapshotCache<UsageHistory.Present> usage;
  private final Changes changes;
  private final Proxy proxy;
  private volatile @Nullable Rendered rendered;

  AccountsApi(
      SnapshotCache<Accounts.Snapshot> page,
      SnapshotCache<UsageHistory.Present> usage,
      Changes changes,
      Proxy proxy) {
    this.page = page;
    this.usage = usage;
    this.changes = changes;
    this.proxy = proxy;
  }

  void routes(RoutesConfig routes) {
    routes.get("/api/accounts", request -> Web.text(request, accounts()));
    routes.get("/api/codex/usage", request -> Web.json(request, usage()));
    routes.post("/api/accounts/{id}/pause", request -> become(request, changes::pause, "paused"));
    routes.post("/api/accounts/{id}/resume", request -> become(request, changes::resume, "active"));
    routes.delete("/api/accounts/{id}", this::delete);
    routes.get("/api/pool", request -> pool(request, page.get().pinned()));
    routes.put("/api/pool", this::pin);
    routes.post("/v1/responses", proxy::serve);
  }

  private record Shown(
      String id, String email, String status, String createdAt, Map<String, Usage> usage) {}

  /** The page as text, and what it was made of. */
  private record Rendered(Accounts.Snapshot page, UsageHistory.Present usage, String text) {}

  /** What is shown while nothing changes is written once. */
  private String accounts() {
    UsageHistory.Present present = usage.get();
    Accounts.Snapshot accounts = page.get();
    Rendered known = rendered;
    if (known == null || !known.page().equals(accounts) || !known.usage().equals(present)) {
      known = new Rendered(accounts, present, Web.json(shown(accounts, present)));
      rendered = known;
    }
    return known.text();
  }

  private static Map<String, Object> shown(Accounts.Snapshot page, UsageHistory.Present present) {
    List<Shown> shown = new ArrayList<>();
    for (Account account : page.accounts()) {
      shown.add(
          new Shown(
              account.id(),
              account.email(),
              account.status().word(),
              account.createdAt().toString(),
              present.of(account.id())));
    }
    return Map.of("accounts", shown);
  }

  /** What the accounts that may serve have used together. */
  private Map<String, Object> usage() {
    UsageHistory.Present present = usage.get();
    List<String> pool = page.get().pool();
    Map<String, Object> windows = new LinkedHashMap<>();
    for (String window : List.of(Usage.PRIMARY, Usage.SECONDARY)) {
      List<Usage> rows =
          pool.stream()
              .map(id -> present.of(id).get(window))
              .filter(Objects::nonNull)
              .map(row -> (Usage) row)
              .toList();
      windows.put(window, together(rows));
    }
    return windows;
  }

  private static Map<String, Object> together(List<Usage> rows) {
    Map<String, Object> together = new LinkedHashMap<>();
    together.put("accounts", rows.size());
    rows.stream()
        .mapToDouble(Usage::usedPercent)
        .average()
        .ifPresent(average -> together.put("usedPercent", Math.round(average * 10) / 10.0));
    rows.stream()
        .map(Usage::resetAt)
        .filter(Objects::nonNull)
        .mapToLong(AccountsApi::seconds)
        .min()
        .ifPresent(first -> together.put("firstResetAt", first));
    return together;
  }

  private static long seconds(@Nullable Long value) {
    return value == null ? Long.MAX_VALUE : value;
  }

  private interface Change {
    void of(String id);
  }

  private static void become(Context request, Change change, String status) {
    String id = id(request);
    change.of(id);
    Web.json(request, Map.of("id", id, "status", status));
  }

  private void delete(Context request) {
    String id = id(request);
    Web.json(request, Map.of("id", id, "deleted", changes.delete(id)));
  }

  private void pin(Context request) {
    JsonObject body = Body.object(Body.json(request, LARGEST), "The body");
    JsonElement ids = body.get("accountIds");
    if (ids == null || !ids.isJsonArray() || ids.getAsJsonArray().size() > MOST_PINNED) {
      throw Refused.bad(
          "'accountIds' must be a list of at most " + MOST_PINNED + " ids. No pin changed.");
    }
    pool(request, changes.pin(texts(ids.getAsJsonArray())));
  }

  private static List<String> texts(JsonArray ids) {
    List<String> texts = new ArrayList<>();
    for (JsonElement id : ids) {
      if (!id.isJsonPrimitive() || !id.getAsJsonPrimitive().isString()) {
        throw Refused.bad("An id of 'accountIds' is no text. No pin changed.");
      }
      texts.add(named(id.getAsString()));
    }
    return texts;
  }

  private static void pool(Context request, List<String> pinned) {
    Web.json(request, Map.of("accountIds", pinned));
  }

  private static String id(Context request) {
    return named(request.pathParam("id"));
  }

  /** PostgreSQL takes no NUL, and no id is as long as that. */
  private static String named(String id) {
    if (id.isEmpty() || id.length() > LONGEST_ID || id.indexOf('\0') >= 0) {
      throw Refused.missing("There is no such account. Nothing was changed.");
    }
    return id;
  }
}
