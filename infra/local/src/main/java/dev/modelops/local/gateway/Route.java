package dev.modelops.local.gateway;

import dev.modelops.local.function.MountedFunction;

/**
 * A route of the HTTP API.
 *
 * @param method an HTTP method or {@code ANY}
 * @param path such as {@code /v1/models/{model}/metrics} or {@code /v1/models/{proxy+}}, or {@code $default}
 * @param authorized whether the authorizer is asked first
 */
public record Route(String method, String path, MountedFunction function, boolean authorized) {
  /** The path of the route that takes what no other route takes. */
  public static final String DEFAULT = "$default";

  /** As API Gateway writes it: {@code ANY /v1/models}, or {@code $default}. */
  public String key() {
    return isDefault() ? DEFAULT : method + " " + path;
  }

  boolean isDefault() {
    return path.equals(DEFAULT);
  }
}
