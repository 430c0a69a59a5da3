package dev.modelops.edge;

import dev.modelops.domain.Ref;

/** Gives the first answer to a remembered request again, from the entity as it is now and without secrets. */
@FunctionalInterface
public interface Replay {
  /**
   * @param status of the first answer
   * @param entity what the first answer was about
   */
  Reply again(Request request, int status, Ref entity);
}
