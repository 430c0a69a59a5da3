package dev.modelops.access;

import dev.modelops.edge.ApiFunction;
import java.util.Map;

/** Serves tokens, departments, identity providers, subjects, and who one is. */
public final class TokensFunction extends ApiFunction {

  public TokensFunction() {
    this(System.getenv());
  }

  /** @param env the function's environment */
  public TokensFunction(Map<String, String> env) {
    super(DaggerTokensComponent.factory().create(env).router());
  }
}
