package io.tideline.testkit.protocol;

import io.tideline.testkit.Product;
import java.util.List;

/** Triggers on the deletion of event 7. */
final class Triggers {
  private Triggers() {}

  static List<String> afterDelete(Product product, String act) {
    return product == Product.SQLITE
        ? List.of("CREATE TRIGGER t AFTER DELETE ON events WHEN OLD.id = 7 BEGIN " + act + " END")
        : postgres("AFTER", act + " RETURN OLD;");
  }

  static List<String> ignoring(Product product) {
    return product == Product.SQLITE
        ? List.of(
            "CREATE TRIGGER t BEFORE DELETE ON events WHEN OLD.id = 7"
                + " BEGIN SELECT RAISE(IGNORE); END")
        : postgres("BEFORE", "RETURN NULL;");
  }

  static List<String> aborting(Product product) {
    return product == Product.SQLITE
        ? List.of(
            "CREATE TRIGGER t BEFORE DELETE ON events WHEN OLD.id = 7"
                + " BEGIN SELECT RAISE(ABORT, 'seven is sacred'); END")
        : postgres("BEFORE", "RAISE EXCEPTION 'seven is sacred';");
  }

  private static List<String> postgres(String when, String act) {
    return List.of(
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS"
            + " $$ BEGIN "
            + act
            + " END $$",
        "CREATE TRIGGER t "
            + when
            + " DELETE ON events FOR EACH ROW WHEN (OLD.id = 7) EXECUTE FUNCTION f()");
  }
}
