package io.tideline.store;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Some rows, newest first.
 *
 * @param rows at most as many as were asked for
 * @param next where the next page begins; empty if there is none
 */
public record Page<T>(List<T> rows, Optional<Cursor> next) {
  /** Copies the rows. */
  public Page {
    rows = List.copyOf(rows);
  }

  /** A row and where it lies. */
  record Placed<T>(T row, Cursor at) {}

  /** A page of so many rows, from one row more than that if there is another page. */
  static <T> Page<T> of(List<Placed<T>> found, int limit) {
    List<Placed<T>> shown = found.subList(0, Math.min(limit, found.size()));
    boolean more = found.size() > limit;
    return new Page<>(
        shown.stream().map(Placed::row).toList(),
        more ? Optional.of(shown.get(limit - 1).at()) : Optional.empty());
  }

  /** Every row, a page at a time and only as far as it is read. */
  static <T> Stream<T> stream(Function<@Nullable Cursor, Page<T>> pages) {
    return Stream.iterate(
            Optional.of(pages.apply(null)),
            Optional::isPresent,
            page -> page.orElseThrow().next().map(pages))
        .flatMap(page -> page.orElseThrow().rows().stream());
  }
}
