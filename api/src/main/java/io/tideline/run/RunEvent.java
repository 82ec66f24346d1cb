package io.tideline.run;

import io.tideline.policy.Strain;
import java.time.Duration;

/** What happens while a run goes. */
public sealed interface RunEvent {
  /**
   * A step of the protocol is done.
   *
   * @param step the step
   */
  record Stepped(Step step) implements RunEvent {}

  /**
   * A policy, a resume, a restore or a verification begins.
   *
   * @param name what begins, for a person
   * @param rows how many rows it expects
   */
  record Began(String name, long rows) implements RunEvent {}

  /**
   * Work went on.
   *
   * @param archived rows archived since the last such event
   * @param removed rows deleted, moved, verified or restored since the last such event
   */
  record Progressed(long archived, long removed) implements RunEvent {}

  /**
   * The run waits.
   *
   * @param why the reason
   * @param pause how long it waits before it looks again
   */
  record Waited(Strain why, Duration pause) implements RunEvent {}

  /**
   * The run sized its next batch; told once a second at most.
   *
   * @param batch how many rows it shall have
   * @param reason why, one sentence
   */
  record Paced(int batch, String reason) implements RunEvent {}

  /**
   * Something the user should know now.
   *
   * @param message one sentence
   */
  record Noted(String message) implements RunEvent {}
}
