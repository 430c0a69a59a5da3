/** Environments, deployments, approvals and what is live. */
@NullMarked
package dev.modelops.domain.deployment;

import org.jspecify.annotations.NullMarked;
