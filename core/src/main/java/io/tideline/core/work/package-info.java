/** What a run and a restore have in common: what they work with, and manifests in the making. */
@NullMarked
package io.tideline.core.work;

import org.jspecify.annotations.NullMarked;
