package io.tideline.cli;

import picocli.CommandLine;

/** The group of commands about archive tables. */
@CommandLine.Command(
    name = "tables",
    description = "Makes the archive tables that policies with 'action: move' need.",
    footer = "  tideline tables create")
final class TablesCommand extends Group {}
