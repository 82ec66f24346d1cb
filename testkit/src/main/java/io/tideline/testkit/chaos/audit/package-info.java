/**
 * Says whether every row is where it must be, from a database by plain JDBC and an archive folder
 * by its written format alone: no class of Tideline but the testkit's own is used.
 */
@NullMarked
package io.tideline.testkit.chaos.audit;

import org.jspecify.annotations.NullMarked;
