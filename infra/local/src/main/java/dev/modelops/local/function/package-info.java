/** Stands in for Lambda: functions mounted in this JVM, called with an event and a context, within their time. */
@NullMarked
package dev.modelops.local.function;

import org.jspecify.annotations.NullMarked;
