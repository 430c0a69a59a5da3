package dev.modelops.edge;

/** What an action comes to: an answer, or a change that the router commits before it answers. */
public sealed interface Outcome permits Reply, Write {}
