package io.tideline.tuning;

import java.util.Locale;

/**
 * How far a backfill is, as the database itself says.
 *
 * @param name its name
 * @param specification what it did when it began, see {@link Backfill#specification}
 * @param shape what the table was like then
 * @param phase how far it is
 * @param pass how often it has begun to walk over the table, from 1
 * @param batch how many transactions it has committed
 * @param walked how many rows it has looked at
 * @param changed how many values it has written
 * @param required whether it has made the column NOT NULL
 */
public record BackfillState(
    String name,
    String specification,
    String shape,
    Phase phase,
    int pass,
    long batch,
    long walked,
    long changed,
    boolean required) {
  /** How far. */
  public enum Phase {
    /** Values are written. */
    FILLING,
    /** Every row was seen to have its value; what is written since is filled as the plan says. */
    FILLED,
    /** It was told to finish. */
    FINISHING,
    /** It was told to put everything back. */
    UNDOING;

    /** The word for people and in the database. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A backfill that begins. */
  public static BackfillState first(Backfill backfill, String shape) {
    return new BackfillState(
        backfill.name(), backfill.specification(), shape, Phase.FILLING, 1, 0, 0, 0, false);
  }

  /** The same in another phase. */
  public BackfillState in(Phase other) {
    return new BackfillState(
        name, specification, shape, other, pass, batch, walked, changed, required);
  }

  /** The same, about to walk over the table from its beginning in a phase. */
  public BackfillState again(Phase next) {
    return new BackfillState(
        name, specification, shape, next, pass + 1, batch, 0, changed, required);
  }

  /** The same after one more transaction. */
  public BackfillState after(long rows, long written) {
    return new BackfillState(
        name,
        specification,
        shape,
        phase,
        pass,
        batch + 1,
        walked + rows,
        changed + written,
        required);
  }

  /** The same with the column made NOT NULL. */
  public BackfillState withRequired() {
    return new BackfillState(name, specification, shape, phase, pass, batch, walked, changed, true);
  }
}
