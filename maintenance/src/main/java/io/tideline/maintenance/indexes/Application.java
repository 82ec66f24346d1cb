package io.tideline.maintenance.indexes;

import io.tideline.core.archive.Storage;
import io.tideline.dialect.IndexBuilder;
import io.tideline.dialect.IndexTask;
import io.tideline.dialect.Lease;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Settings;
import io.tideline.run.WorkListener;
import io.tideline.tuning.IndexSpec;
import io.tideline.tuning.IndexStanding;
import io.tideline.tuning.IndexState;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** One application of the declared indexes, under the lease. */
final class Application {
  /** What concerns one index, and lets the others be made. */
  private static final Set<ErrorCode> OF_ONE =
      EnumSet.of(
          ErrorCode.INDEX_REFUSED,
          ErrorCode.DATABASE_BUSY,
          ErrorCode.SQL_FAILED,
          ErrorCode.INTERRUPTED,
          ErrorCode.CATALOGUE_CHANGED);

  private static final long LOOK_NANOS = 200_000_000;

  private final Settings settings;
  private final Clock clock;
  private final Storage storage;
  private final IndexBuilder builder;
  private final Lease lease;
  private final IndexRequest request;
  private final IndexTask task;
  private final List<IndexesDone.Done> done = new ArrayList<>();

  Application(
      Settings settings,
      Clock clock,
      Storage storage,
      IndexBuilder builder,
      Lease lease,
      IndexRequest request,
      BooleanSupplier stopping,
      WorkListener listener) {
    this.settings = settings;
    this.clock = clock;
    this.storage = storage;
    this.builder = builder;
    this.lease = lease;
    this.request = request;
    this.task = new IndexTask(request.patience(), stopping, listener);
  }

  List<IndexesDone.Done> run() {
    List<IndexStanding> standings = settings.indexes().stream().map(builder::look).toList();
    new Allowance(settings, clock, storage, builder, request).require(standings);
    standings.forEach(this::make);
    standings.stream().filter(each -> each.spec().absent()).forEach(this::drop);
    return done;
  }

  private boolean stopping() {
    return task.stopping().getAsBoolean();
  }

  private void make(IndexStanding known) {
    IndexSpec spec = known.spec();
    if (spec.absent() || stopping()) {
      return;
    }
    IndexState state = known.state() == IndexState.BUILDING ? awaited(spec) : known.state();
    boolean replaces = state == IndexState.DIFFERENT && request.replace();
    if (!replaces) {
      tidy(spec);
    }
    switch (state) {
      case MISSING, INVALID -> attempt(spec, () -> builder.make(spec, task));
      case DIFFERENT -> {
        if (replaces) {
          attempt(spec, () -> builder.replace(spec, task));
        } else {
          left(spec, "It differs (" + String.join("; ", known.details()) + "); left as it is.");
        }
      }
      case BUILDING -> left(spec, "Another session still builds it.");
      default -> {}
    }
  }

  private void tidy(IndexSpec spec) {
    attempt(
        spec,
        () -> {
          List<String> removed = builder.tidy(spec, task);
          return removed.isEmpty() ? "" : "Removed " + String.join(", ", removed) + ".";
        });
  }

  /** Another's build, or one of a process of ours that was killed, may end by itself. */
  private IndexState awaited(IndexSpec spec) {
    long since = System.nanoTime();
    IndexStanding now = builder.look(spec);
    while (now.state() == IndexState.BUILDING
        && !stopping()
        && System.nanoTime() - since < request.patience().toNanos()) {
      task.listener().at(spec.name() + ": " + String.join("; ", now.details()), 0, 0);
      LockSupport.parkNanos(LOOK_NANOS);
      now = builder.look(spec);
    }
    return now.state();
  }

  private void drop(IndexStanding known) {
    IndexSpec spec = known.spec();
    if (stopping()) {
      return;
    }
    IndexStanding now = builder.look(spec);
    if (now.state() == IndexState.NEEDED) {
      left(spec, "It cannot go: " + String.join("; ", now.details()) + ".");
    } else if (now.state() == IndexState.BUILDING) {
      left(spec, "It is not dropped: " + String.join("; ", now.details()) + ".");
    } else if (now.state() == IndexState.UNWANTED) {
      List<String> lacking = lacking(now);
      if (lacking.isEmpty()) {
        attempt(spec, () -> builder.drop(spec, task));
      } else {
        left(
            spec,
            "It is kept: of the declared indexes on "
                + now.table()
                + " "
                + String.join(", ", lacking)
                + (lacking.size() == 1 ? " is" : " are")
                + " not there as declared, and queries may need this one until then.");
      }
    }
  }

  /** The declared indexes of the same table that queries cannot use yet. */
  private List<String> lacking(IndexStanding unwanted) {
    return settings.indexes().stream()
        .filter(spec -> !spec.absent())
        .map(builder::look)
        .filter(each -> each.table().equals(unwanted.table()))
        .filter(each -> each.state() != IndexState.PRESENT)
        .map(each -> each.spec().name())
        .toList();
  }

  private void left(IndexSpec spec, String why) {
    done.add(new IndexesDone.Done(spec.name(), why, true, Duration.ZERO));
  }

  private void attempt(IndexSpec spec, Supplier<String> work) {
    lease.confirm();
    long began = System.nanoTime();
    try {
      String what = work.get();
      if (!what.isEmpty()) {
        done.add(
            new IndexesDone.Done(
                spec.name(), what, false, Duration.ofNanos(System.nanoTime() - began)));
      }
    } catch (TidelineException e) {
      if (!OF_ONE.contains(e.code())) {
        throw e;
      }
      done.add(
          new IndexesDone.Done(
              spec.name(), e.getMessage(), true, Duration.ofNanos(System.nanoTime() - began)));
    }
  }
}
