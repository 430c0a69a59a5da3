package dev.modelops.local.gateway;

import dev.modelops.local.function.MountedFunction;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP API as the template describes it.
 *
 * @param authorizer asked before routes that want it; null when no route does
 * @param authorizerKeep how long an authorizer's answer is kept
 * @param throttleRate requests a second that a route takes over time
 * @param throttleBurst requests that a route takes at once
 */
public record HttpApi(
    List<Route> routes,
    @Nullable MountedFunction authorizer,
    Duration authorizerKeep,
    Cors cors,
    double throttleRate,
    double throttleBurst) {}
