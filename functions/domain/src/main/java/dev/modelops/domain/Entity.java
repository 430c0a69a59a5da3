package dev.modelops.domain;

/** A governed thing: every change of it is recorded in the audit trail, in the same transaction. Entities are records. */
public interface Entity {

  /** The department of entities that belong to the organisation as a whole. No department can have this name. */
  String ORGANISATION = "*";

  Ref ref();

  /** Whose it is: the department that its model belongs to, or {@link #ORGANISATION}. Never changes. */
  String department();
}
