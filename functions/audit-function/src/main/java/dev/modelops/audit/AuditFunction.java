package dev.modelops.audit;

import dev.modelops.edge.ApiFunction;
import java.util.Map;

/** Serves {@code /v1/audit}. */
public final class AuditFunction extends ApiFunction {

  public AuditFunction() {
    this(System.getenv());
  }

  public AuditFunction(Map<String, String> env) {
    super(DaggerAuditComponent.factory().create(env).router());
  }
}
