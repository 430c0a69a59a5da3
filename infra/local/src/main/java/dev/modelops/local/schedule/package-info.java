/** Stands in for EventBridge Scheduler: calls functions by the rates and calendars of the template. */
@NullMarked
package dev.modelops.local.schedule;

import org.jspecify.annotations.NullMarked;
