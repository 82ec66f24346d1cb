package io.tideline.services.accounts;

import io.javalin.http.Context;
import io.tideline.services.web.Web;
import io.tideline.store.Database;
import io.tideline.store.StoreException;
import java.util.LinkedHashMap;
import java.util.Map;

/** How the service is: up, degraded while rows wait that cannot be written, or down. */
final class AccountsHealth {
  private final Database database;
  private final RequestLogs logs;

  AccountsHealth(Database database, RequestLogs logs) {
    this.database = database;
    this.logs = logs;
  }

  void answer(Context request) {
    Map<String, Object> health = new LinkedHashMap<>();
    boolean reads = reads();
    health.put("status", !reads ? "down" : logs.trouble().isPresent() ? "degraded" : "up");
    health.put("requestLogsAtRisk", logs.atRisk());
    health.put("requestLogsMostAtRisk", logs.mostAtRisk());
    logs.trouble().ifPresent(why -> health.put("requestLogsWait", why));
    health.put("contention", database.contention());
    request.status(reads ? 200 : 503);
    Web.json(request, health);
  }

  private boolean reads() {
    try {
      return database.read(session -> session.first("SELECT 1", row -> 1)).isPresent();
    } catch (StoreException e) {
      return false;
    }
  }
}
