package dev.modelops.local.history;

import dev.modelops.testkit.Answer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What an answer shows of an entity: which one, at which revision, in which state. */
final class Shown {

  static final String ABSENT = "absent";

  private Shown() {}

  /** What the answer is about, where the request could not name it yet. */
  static String entity(String operation, String entity, Answer answer) {
    return switch (operation) {
      case "createVersion" -> "version:" + answer.text("/model") + ":" + answer.json().path("version").asInt();
      case "createDeployment", "rollbackDeployment" -> "deployment:" + answer.text("/id");
      case "createToken", "rotateToken" -> "token:" + answer.text("/token/id");
      default -> entity;
    };
  }

  /** The revision that the answer shows; 0 if it shows none. */
  static long rev(String operation, Answer answer) {
    return answer.status() / 100 != 2 ? 0 : switch (operation) {
      case "listEntityAudit" -> answer.json().path("items").valueStream().filter(line -> line.has("rev"))
          .mapToLong(line -> line.path("rev").asLong()).max().orElse(0);
      case "listVersions" -> answer.json().at("/items/0/version").asLong(0);
      default -> etag(answer);
    };
  }

  /** The revision that the {@code ETag} names; 0 if it names none. */
  static long etag(Answer answer) {
    String tag = answer.headers().getOrDefault("ETag", "").replace("\"", "");
    return tag.matches("[0-9]+") ? Long.parseLong(tag) : 0;
  }

  /** The part of the state that the model knows, of a whole entity in an answer. */
  static @Nullable String seen(String operation, Answer answer) {
    if (answer.status() == 404 && operation.startsWith("get")) {
      return ABSENT;
    }
    if (answer.status() / 100 != 2) {
      return null;
    }
    return switch (operation) {
      case "getModel", "putModel", "patchModel", "archiveModel", "restoreModel", "setRiskTier" ->
        state(answer.text("/state"), answer.text("/title"));
      case "getVersion", "createVersion", "patchVersion", "finalizeVersion", "archiveVersion", "withdrawVersion" ->
        state(answer.text("/state"), answer.text("/description"));
      case "getEnvironment", "putEnvironment", "getDepartment", "putDepartment" -> answer.text("/title");
      case "getAlias", "putAlias" -> answer.text("/version");
      case "getCheck", "postCheck" ->
        state(answer.text("/status"), Long.toString(answer.json().at("/metrics/value").asLong()));
      case "getDeployment", "createDeployment", "decideDeployment", "reportDeployment", "cancelDeployment",
          "retireDeployment", "rollbackDeployment" ->
        answer.text("/state");
      case "getLive" -> answer.text("/deployment");
      case "getToken", "revokeToken" -> token(answer.json());
      case "createToken", "rotateToken" -> token(answer.json().path("token"));
      default -> null;
    };
  }

  private static String token(JsonNode token) {
    return token.hasNonNull("revokedAt") ? "revoked" : token.hasNonNull("rotatedTo") ? "rotated" : "active";
  }

  // A state: a word of the life cycle, then the text that clients change.

  static String state(String word, String text) {
    return word + " " + text;
  }

  static String word(String state) {
    return state.substring(0, Math.max(0, state.indexOf(' ')));
  }

  static String text(String state) {
    return state.substring(state.indexOf(' ') + 1);
  }
}
