package dev.modelops.local.history;

import dev.modelops.domain.access.Role;
import dev.modelops.testkit.Answer;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What a client does with tokens and departments. */
final class Administering {

  private static final String TOKENS = "tokens";

  private final World world;
  private final Step step;
  private final Asking asking;
  private final Random random;

  Administering(World world, Step step, Asking asking, Random random) {
    this.world = world;
    this.step = step;
    this.asking = asking;
    this.random = random;
  }

  /** Makes one, or does something with one that was made. */
  void token() {
    String id = world.any(TOKENS, random);
    String path = "/v1/tokens/" + id;
    String entity = "token:" + id;
    Map<String, String> key = Map.of(Asking.KEY, step.title());
    int what = id.isEmpty() ? 0 : random.nextInt(6);
    switch (what) {
      case 0, 1 -> made(asking.ask(Role.ADMIN, "createToken", "POST", "/v1/tokens", "", "", true, key,
          Map.of("name", step.title(), "grants",
              List.of(Map.of("role", Role.VIEWER.wire(), "department", World.DEPARTMENT)))));
      case 2, 3 -> made(asking.ask(Role.ADMIN, "rotateToken", "POST", path + "/rotate", "", id, true, key, Map.of()));
      case 4 -> asking.ask(Role.ADMIN, "revokeToken", "POST", path + "/revoke", entity, "", false, key, null);
      default -> asking.read(Role.ADMIN, "getToken", path, entity);
    }
  }

  private void made(Answer answer) {
    if (answer.status() == 201) {
      world.made(TOKENS, answer.text("/token/id"));
    }
  }

  void putDepartment() {
    asking.ask(Role.ADMIN, "putDepartment", "PUT", target(), entity(), step.title(), true,
        asking.match("getDepartment", target(), entity()), Map.of("title", step.title()));
  }

  void getDepartment() {
    asking.read(Role.VIEWER, "getDepartment", target(), entity());
  }

  /** One that is there for nothing else. */
  private String entity() {
    return "department:" + step.model();
  }

  private String target() {
    return "/v1/departments/" + step.model();
  }
}
