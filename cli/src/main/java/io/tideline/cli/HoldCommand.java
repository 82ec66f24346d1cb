package io.tideline.cli;

import picocli.CommandLine;

/** The group of commands about holds. */
@CommandLine.Command(
    name = "hold",
    description = "Holds rows back from every run, whatever their age, until the hold is removed.",
    footer = "  tideline hold add --table orders --key 1042 --reason \"dispute 77\"")
final class HoldCommand extends Group {}
