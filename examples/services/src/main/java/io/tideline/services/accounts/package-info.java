/** The accounts page of a proxy that shares accounts, and the proxy. */
@NullMarked
package io.tideline.services.accounts;

import org.jspecify.annotations.NullMarked;
