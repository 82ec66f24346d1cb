package io.tideline.services.web;

import java.util.function.Function;

/** A service that listens, and its parts. */
public final class Service implements AutoCloseable {
  private final Parts parts;
  private final Web web;

  private Service(Parts parts, Web web) {
    this.parts = parts;
    this.web = web;
  }

  /** Makes one of parts; if that fails midway those that there are are closed. */
  public static Service of(Function<Parts, Web> assembly) {
    Parts parts = new Parts();
    try {
      return new Service(parts, parts.add(assembly.apply(parts)));
    } catch (RuntimeException e) {
      parts.close();
      throw e;
    }
  }

  /** The port that it listens on. */
  public int port() {
    return web.port();
  }

  /** Answers what is under way, takes no more, and writes what waits. Again does nothing. */
  @Override
  public void close() {
    parts.close();
  }
}
