package dev.modelops.domain.registry;

import dev.modelops.domain.access.Scope;
import java.util.Optional;

/**
 * A model's head: the counter of its versions, and the authority for everything below the model. It is written with the
 * model in one transaction; only the counter moves on its own, and is exempt from the audit trail.
 */
public interface Heads {

  /**
   * @param model the name as its creator spelled it
   * @param latest the highest number given so far; there may be gaps
   */
  record Head(String model, String department, ModelKind kind, Model.State state, int latest) {}

  /** Strongly consistent; empty when there is no such model. */
  Optional<Head> get(String model);

  /**
   * Takes the next version number with one atomic, conditional write: never fails by others who take one, never gives a number
   * twice. A call that is lost afterwards leaves a gap. Empty, and no number taken, when the model is absent, not
   * active or of a department outside the scope: read to say which.
   *
   * @param scope where the caller may write versions of this model
   * @throws dev.modelops.domain.change.Unavailable when the model itself is being changed all the while, or the store does
   *     not answer
   */
  Optional<Head> next(String model, Scope scope);
}
