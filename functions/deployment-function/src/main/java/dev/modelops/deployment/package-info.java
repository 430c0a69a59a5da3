/** Environments, deployments, approvals, what is live and was live when; automatic deployment; deadlines. */
@NullMarked
package dev.modelops.deployment;

import org.jspecify.annotations.NullMarked;
