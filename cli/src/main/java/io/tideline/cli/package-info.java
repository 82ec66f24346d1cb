/** The command line: parses, asks, prints; every decision about data is made below it. */
@NullMarked
package io.tideline.cli;

import org.jspecify.annotations.NullMarked;
