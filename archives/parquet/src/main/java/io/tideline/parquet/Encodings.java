package io.tideline.parquet;

import io.tideline.archive.SegmentSchema;
import io.tideline.catalogue.NaturalType.Family;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.schema.MessageType;

/** Chooses how the columns of a file are encoded. */
final class Encodings {
  private static final int PAGE_BYTES = 256 << 10;
  private static final int DICTIONARY_BYTES = 128 << 10;

  private static final Set<Family> UNORDERED = Set.of(Family.BLOB, Family.JSON, Family.UUID);

  private Encodings() {}

  /**
   * A dictionary where the sampled values repeat (elsewhere it only costs time); no statistics of
   * bytes, JSON and UUIDs, whose order nobody asks for.
   */
  static ParquetProperties of(SegmentSchema schema, MessageType message, PackedRows sample) {
    ParquetProperties.Builder all =
        ParquetProperties.builder()
            .withPageSize(PAGE_BYTES)
            .withDictionaryPageSize(DICTIONARY_BYTES)
            .withDictionaryEncoding(false)
            .withSizeStatisticsEnabled(false)
            .withPageWriteChecksumEnabled(true);
    boolean[] repeats = repeats(schema.columns().size(), sample);
    for (int i = 0; i < repeats.length; i++) {
      // The library takes a dot for a path here; such columns go without.
      String name = message.getFieldName(i);
      Family family = schema.columns().get(i).type().family();
      all.withDictionaryEncoding(name, repeats[i] && family != Family.BOOLEAN);
      all.withStatisticsEnabled(name, !UNORDERED.contains(family));
    }
    return all.withStatisticsEnabled(schema.exactColumn(), false).build();
  }

  private static boolean[] repeats(int width, PackedRows sample) {
    List<Set<Integer>> distinct = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      distinct.add(new HashSet<>());
    }
    Row row = new Row(width);
    for (int r = 0; r < sample.size(); r++) {
      sample.get(r, row);
      for (int i = 0; i < width; i++) {
        distinct.get(i).add(31 * Arrays.hashCode(row.bytes(i)) + Long.hashCode(row.bits(i)));
      }
    }
    boolean[] repeats = new boolean[width];
    for (int i = 0; i < width; i++) {
      repeats[i] = distinct.get(i).size() * 4 <= sample.size();
    }
    return repeats;
  }
}
