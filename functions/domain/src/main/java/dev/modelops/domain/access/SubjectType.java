package dev.modelops.domain.access;

/** Whether a subject is a person or a machine. */
public enum SubjectType {
  PERSON,
  SERVICE
}
