/** The fault campaign: random databases, applications at work, faults, and an auditor. */
@NullMarked
package io.tideline.testkit.chaos;

import org.jspecify.annotations.NullMarked;
