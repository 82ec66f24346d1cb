/** The archive folder: manifests, outcomes, holds, reports, and how they are made durable. */
@NullMarked
package io.tideline.core.archive;

import org.jspecify.annotations.NullMarked;
