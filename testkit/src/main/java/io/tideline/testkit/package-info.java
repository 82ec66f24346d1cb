/**
 * Support for tests of the whole: databases, random tables, faults at named steps, full disks, lost
 * connections, live traffic. What looks at the data afterwards uses plain JDBC only.
 */
@NullMarked
package io.tideline.testkit;

import org.jspecify.annotations.NullMarked;
