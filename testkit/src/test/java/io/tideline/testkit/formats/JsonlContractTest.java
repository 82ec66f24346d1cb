package io.tideline.testkit.formats;

final class JsonlContractTest extends SegmentFormatContract {
  @Override
  String name() {
    return "jsonl";
  }

  @Override
  boolean findsAllDamage() {
    return false;
  }
}
