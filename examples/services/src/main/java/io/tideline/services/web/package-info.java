/** What both services share: settings, the database's address, HTTP, errors. */
@NullMarked
package io.tideline.services.web;

import org.jspecify.annotations.NullMarked;
