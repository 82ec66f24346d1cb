package io.tideline.cli;

import picocli.CommandLine;

/** The group of commands about payload stores. */
@CommandLine.Command(
    name = "payloads",
    description = "Sweeps a folder of files named by their hash, which rows refer to.",
    footer = "  tideline payloads plan")
final class PayloadsCommand extends Group {}
