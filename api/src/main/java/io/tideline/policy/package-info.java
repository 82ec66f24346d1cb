/** What a user asks for: policies, and the settings of one database. */
@NullMarked
package io.tideline.policy;

import org.jspecify.annotations.NullMarked;
