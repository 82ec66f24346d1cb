package io.tideline.cli;

import java.time.Clock;
import picocli.CommandLine.Mixin;

/** A command that judges ages or terms, so that it can be asked as of an earlier instant. */
abstract class DatedCommand extends Command {
  @Mixin final Moment moment = new Moment();

  DatedCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  final Clock clock() {
    return moment.clock();
  }
}
