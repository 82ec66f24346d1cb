package io.tideline.schedule;

import java.net.URI;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who is told of what.
 *
 * @param on the occasions; at least one
 * @param target who is told
 */
public record Notice(Set<Occasion> on, Target target) {
  /** Copies the occasions. */
  public Notice {
    on = Set.copyOf(EnumSet.copyOf(on));
  }

  /** Who is told. Secrets may stand in it, so it prints itself only without them. */
  public sealed interface Target {}

  /**
   * A program that gets the document on its standard input.
   *
   * @param words the program and its arguments; never given to a shell
   */
  public record Program(List<String> words) implements Target {
    /** Copies the list. */
    public Program {
      words = List.copyOf(words);
    }

    @Override
    public String toString() {
      return "command " + words.get(0);
    }
  }

  /**
   * An address to which the document is posted.
   *
   * @param url the address, {@code http} or {@code https}
   * @param headers further headers by name
   */
  public record Webhook(URI url, Map<String, String> headers) implements Target {
    /** Copies the headers. */
    public Webhook {
      headers = Map.copyOf(headers);
    }

    @Override
    public String toString() {
      return "webhook "
          + url.getScheme()
          + "://"
          + url.getHost()
          + (url.getPort() < 0 ? "" : ":" + url.getPort());
    }
  }
}
