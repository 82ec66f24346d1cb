/**
 * Copies of whole databases: made beside live traffic, checked, recorded, rotated, brought back.
 */
@NullMarked
package io.tideline.maintenance.backup;

import org.jspecify.annotations.NullMarked;
