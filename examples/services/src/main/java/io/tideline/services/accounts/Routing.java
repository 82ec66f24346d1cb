package io.tideline.services.accounts;

import io.tideline.services.web.Refused;
import io.tideline.store.SnapshotCache;
import io.tideline.store.StickySessions;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which account serves a request. The pool is a snapshot in this process; an event voids it at
 * once. A session stays with its account as long as that is in the pool.
 */
final class Routing {
  /** What an upstream says of an account, and what the account becomes by it. */
  static final Map<String, Account.Status> EVENTS =
      Map.of(
          "rate_limit", Account.Status.RATE_LIMITED,
          "quota", Account.Status.QUOTA_EXCEEDED,
          "permanent_failure", Account.Status.DEACTIVATED);

  private final SnapshotCache<List<String>> pool;
  private final StickySessions<String> sticky;
  private final AtomicLong turn = new AtomicLong();

  /** Out of service by an event, before the database knows it. */
  private final Set<String> out = ConcurrentHashMap.newKeySet();

  Routing(SnapshotCache<List<String>> pool, StickySessions<String> sticky) {
    this.pool = pool;
    this.sticky = sticky;
  }

  /** The account for a session, or for a request without one. */
  String account(Optional<String> session) {
    List<String> usable = pool.get().stream().filter(id -> !out.contains(id)).toList();
    Optional<String> account =
        session.isPresent()
            ? sticky.target(session.get(), usable, this::next)
            : Optional.of(usable).filter(ids -> !ids.isEmpty()).map(this::next);
    return account.orElseThrow(
        () ->
            new Refused(
                503,
                "no_account",
                "No account can serve: each is paused, failed, or outside the pinned pool."));
  }

  private String next(Collection<String> ids) {
    return List.copyOf(ids).get((int) (turn.getAndIncrement() % ids.size()));
  }

  /** Takes an account out of service at once, in this process. */
  void takeOut(String account) {
    out.add(account);
    changed();
  }

  /** The database knows how it stands with an account, whether it may serve or not. */
  void takeIn(String account) {
    out.remove(account);
    changed();
  }

  /** Drops every session of an account that does not serve any more. */
  void forget(String account) {
    sticky.forgetTarget(account);
  }

  /** The accounts or the pins are others. */
  void changed() {
    pool.invalidate();
  }
}
