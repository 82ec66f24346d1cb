/**
 * Brings a trace store of the old layout, {@code trace_sessions (trace_id, session_uid)}, to that
 * of {@code io.tideline.store.TraceStore}, while applications read and write it.
 *
 * <p>Begin with {@link io.tideline.store.migrate.TraceStoreMigration}.
 */
@NullMarked
package io.tideline.store.migrate;

import org.jspecify.annotations.NullMarked;
