package io.tideline.core.archive;

import io.tideline.archive.SegmentFormat;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** The segment formats that are installed. */
public final class Formats {
  private final List<SegmentFormat> all = new ArrayList<>();

  /** Finds the formats on the class path. */
  public Formats() {
    ServiceLoader.load(SegmentFormat.class).forEach(all::add);
  }

  /**
   * The format of that name.
   *
   * @throws TidelineException {@code POLICY_INVALID} if it is not installed
   */
  public SegmentFormat named(String name) {
    return all.stream()
        .filter(format -> format.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new TidelineException(
                    ErrorCode.POLICY_INVALID,
                    "Cannot use the segment format '" + name + "'.",
                    "Nothing was changed.",
                    "Installed are: "
                        + String.join(", ", all.stream().map(SegmentFormat::name).sorted().toList())
                        + "."));
  }
}
