package io.tideline.testkit.formats;

final class ParquetContractTest extends SegmentFormatContract {
  @Override
  String name() {
    return "parquet";
  }

  @Override
  boolean findsAllDamage() {
    return true;
  }
}
