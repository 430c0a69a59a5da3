package dev.modelops.checker;

import dev.modelops.json.Json;

/**
 * Something that contradicts itself.
 *
 * @param rule what is violated
 * @param entity the entity, as in the audit trail; of other items the table and the key
 * @param wrong what is wrong, as a sentence without its subject
 */
public record Finding(Rule rule, String entity, String wrong) {

  /** One line of JSON. */
  @Override
  public String toString() {
    return Json.text(this);
  }
}
