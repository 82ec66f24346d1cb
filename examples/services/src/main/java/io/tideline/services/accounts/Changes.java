package io.tideline.services.accounts;

import io.tideline.store.SnapshotCache;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Changes accounts, and voids every snapshot that shows what was before. */
final class Changes {
  private final Accounts accounts;
  private final Routing routing;
  private final SnapshotCache<Accounts.Snapshot> page;
  private final SnapshotCache<UsageHistory.Present> usage;

  Changes(
      Accounts accounts,
      Routing routing,
      SnapshotCache<Accounts.Snapshot> page,
      SnapshotCache<UsageHistory.Present> usage) {
    this.accounts = accounts;
    this.routing = routing;
    this.page = page;
    this.usage = usage;
  }

  void pause(String id) {
    become(id, Account.Status.PAUSED);
  }

  void resume(String id) {
    accounts.become(id, Account.Status.ACTIVE);
    page.invalidate();
    routing.takeIn(id);
  }

  /** The upstream has said that an account cannot serve. It is out at once, whatever else fails. */
  void failed(String id, Account.@Nullable Status status) {
    routing.takeOut(id);
    become(id, status == null ? Account.Status.PAUSED : status);
    // From now on the database says so, and another process may say otherwise.
    routing.takeIn(id);
  }

  private void become(String id, Account.Status status) {
    accounts.become(id, status);
    page.invalidate();
    routing.changed();
    routing.forget(id);
  }

  List<String> pin(List<String> ids) {
    List<String> pinned = accounts.pin(ids);
    page.invalidate();
    routing.changed();
    return pinned;
  }

  Map<String, Long> delete(String id) {
    routing.takeOut(id);
    try {
      return accounts.delete(id);
    } finally {
      // Gone, or marked as going, or not there: in each case the pool says it right.
      page.invalidate();
      usage.invalidate();
      routing.takeIn(id);
      routing.forget(id);
    }
  }
}
