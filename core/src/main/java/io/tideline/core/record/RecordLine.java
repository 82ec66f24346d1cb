package io.tideline.core.record;

import io.tideline.core.archive.Json;
import io.tideline.run.RecordHead;
import io.tideline.run.RecordedLine;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One line of the record.
 *
 * @param start what every line begins with
 * @param entry what it tells; empty if a later version wrote it
 * @param sha256 the SHA-256 of its bytes, the line feed among them
 */
record RecordLine(Start start, Optional<Entry> entry, String sha256) {
  /** What stands in the first line in place of a digest. */
  static final String NOTHING = "0".repeat(64);

  private static final Map<String, Class<? extends Entry>> KINDS =
      Stream.<Class<? extends Entry>>of(
              Entry.Begun.class,
              Entry.Sealed.class,
              Entry.Closed.class,
              Entry.Taking.class,
              Entry.Took.class,
              Entry.Sweeping.class,
              Entry.Swept.class,
              Entry.Adopted.class,
              Entry.Lost.class)
          .collect(
              Collectors.toMap(
                  each -> each.getSimpleName().toLowerCase(java.util.Locale.ROOT),
                  Function.identity()));

  /**
   * What every line begins with.
   *
   * @param number its number, one more than the line before
   * @param at when it was written
   * @param previous the SHA-256 of the line before
   * @param kind the word of its entry
   */
  record Start(long number, Instant at, String previous, String kind) {}

  /** The text of a line, its line feed at the end: the members of the start, then the entry's. */
  static String text(long number, Instant at, String previous, Entry entry) {
    String start = Json.line(new Start(number, at, previous, entry.kind()));
    return start.substring(0, start.length() - 2) + "," + Json.line(entry).substring(1);
  }

  /**
   * Reads a line.
   *
   * @param place what is read, for the error
   * @throws io.tideline.error.TidelineException {@code ARCHIVE_CORRUPT}
   */
  static RecordLine read(byte[] bytes, String place) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    Start start = Json.read(text, Start.class, place);
    Class<? extends Entry> type = KINDS.get(start.kind());
    Optional<Entry> entry =
        type == null ? Optional.empty() : Optional.of(Json.read(text, type, place));
    return new RecordLine(start, entry, sha256(bytes));
  }

  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(io.tideline.core.archive.SegmentFile.sha256().digest(bytes));
  }

  long number() {
    return start.number();
  }

  RecordHead head() {
    return new RecordHead(number(), sha256);
  }

  /** The line as a person reads it. */
  RecordedLine told(String policy) {
    return new RecordedLine(
        number(),
        start.at(),
        start.kind(),
        entry.map(Entry::run).orElse(""),
        policy,
        entry.map(Entry::what).orElse(""),
        entry.map(Entry::rows).orElse(OptionalLong.empty()),
        sha256);
  }

  /** What the first line says of an earlier record. */
  Optional<RecordHead> after() {
    return entry
        .filter(Entry.Begun.class::isInstance)
        .map(Entry.Begun.class::cast)
        .flatMap(Entry.Begun::after);
  }
}
