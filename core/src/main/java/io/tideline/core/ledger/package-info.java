/** The ledger: an index of reports, made anew from the archive when it is lost. */
@NullMarked
package io.tideline.core.ledger;

import org.jspecify.annotations.NullMarked;
