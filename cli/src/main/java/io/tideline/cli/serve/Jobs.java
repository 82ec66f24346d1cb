package io.tideline.cli.serve;

import io.tideline.config.ConfigFile;
import io.tideline.error.ExitCode;
import io.tideline.schedule.Job;
import java.util.List;
import java.util.function.Consumer;

/** The commands that a job may be. */
public interface Jobs {
  /**
   * How a command ended.
   *
   * @param exit its exit code
   * @param what why it failed; empty if it did not
   */
  record End(ExitCode exit, String what) {}

  /** What is wrong with the commands of a file's jobs, one sentence each. */
  List<String> problems(ConfigFile config);

  /**
   * Runs a command to its end.
   *
   * @param stopper takes what ends the command after its batch
   */
  End run(ConfigFile config, Job job, Consumer<Runnable> stopper);
}
