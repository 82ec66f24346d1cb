package io.tideline.parquet;

import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;

/** Stands where the library wants converters; values are taken from its column readers instead. */
final class NoConverters extends GroupConverter {
  private static final PrimitiveConverter NONE = new PrimitiveConverter() {};

  @Override
  public Converter getConverter(int field) {
    return NONE;
  }

  @Override
  public void start() {}

  @Override
  public void end() {}
}
