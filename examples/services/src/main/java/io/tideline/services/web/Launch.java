package io.tideline.services.web;

import io.tideline.error.TidelineException;
import io.tideline.store.StoreException;
import java.time.Clock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The life of a service's process. */
public final class Launch {
  private Launch() {}

  /**
   * Starts a service and says where it listens. SIGTERM and Ctrl-C end it in good order. Exit code
   * 2 if it cannot start.
   */
  public static void service(String name, Function<Clock, Service> start) {
    try {
      Service service = start.apply(Clock.systemUTC());
      Runtime.getRuntime().addShutdownHook(new Thread(service::close, "shutdown"));
      System.out.println(name + " listens on http://localhost:" + service.port());
    } catch (IllegalArgumentException | StoreException | TidelineException e) {
      fail(e, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      // Such as a port that is taken.
      fail(e, "Cannot start " + name + ": " + e.getMessage() + " No row was changed.");
    }
  }

  /** Says what failed, and what that came from. */
  private static void fail(Throwable e, String message) {
    System.err.println(message);
    String said = message;
    for (@Nullable Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      String why = String.valueOf(cause.getMessage());
      if (!said.contains(why)) {
        System.err.println("  because: " + why);
        said = why;
      }
    }
    System.exit(2);
  }
}
