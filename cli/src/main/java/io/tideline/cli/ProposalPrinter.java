package io.tideline.cli;

import io.tideline.cli.output.Table;
import io.tideline.cli.output.Words;
import io.tideline.plan.Proposal;
import java.io.PrintStream;
import java.util.List;

/** Prints the tables that grow by time. */
final class ProposalPrinter {
  private final Table table;

  ProposalPrinter(Table table) {
    this.table = table;
  }

  void print(List<Proposal> proposals, PrintStream out) {
    if (proposals.isEmpty()) {
      out.println("No table of this database seems to grow by time.");
      return;
    }
    table
        .text("TABLE")
        .text("TIME")
        .text("WRITTEN AS")
        .number("ROWS")
        .number("BYTES")
        .text("OLDEST")
        .text("NEWEST");
    for (Proposal proposal : proposals) {
      table.row(
          proposal.table(),
          proposal.time(),
          Words.encoding(proposal.encoding()),
          Words.count(proposal.rows()),
          Words.bytes(proposal.bytes()),
          Words.time(proposal.oldest()),
          Words.time(proposal.newest()));
    }
    table.end();
  }
}
