/** An inspection as one HTML file that needs nothing else. */
@NullMarked
package io.tideline.cli.report;

import org.jspecify.annotations.NullMarked;
