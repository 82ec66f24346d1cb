package io.tideline.maintenance.inspect;

import io.tideline.dialect.UnseenException;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.health.Unseen;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Takes one look after the other, and remembers which of them saw nothing. */
final class Looks {
  /** What is in the way of one look need not be in the way of the next. */
  private static final Set<ErrorCode> PASSING =
      Set.of(ErrorCode.DATABASE_BUSY, ErrorCode.RIGHTS_MISSING, ErrorCode.SQL_FAILED);

  private final List<Unseen> unseen = new ArrayList<>();

  /** What a look sees, or something else if it sees nothing. */
  <T> T at(String what, Supplier<T> look, T otherwise) {
    try {
      return look.get();
    } catch (UnseenException e) {
      unseen.add(new Unseen(what, e.why()));
    } catch (TidelineException e) {
      if (!PASSING.contains(e.code())) {
        throw e;
      }
      unseen.add(new Unseen(what, e.what()));
    }
    return otherwise;
  }

  /** A look that was not taken. */
  void missed(String what, String why) {
    unseen.add(new Unseen(what, why));
  }

  /** The looks that saw nothing. */
  List<Unseen> unseen() {
    return unseen;
  }
}
