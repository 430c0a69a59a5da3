/** Stands in for Lambda with its own runtime client: a zip as it is deployed, in a process of its own. */
@NullMarked
package dev.modelops.testkit.lambda;

import org.jspecify.annotations.NullMarked;
