package dev.modelops.local.history;

import dev.modelops.domain.access.Role;
import dev.modelops.local.history.Api.Call;
import dev.modelops.local.history.World.Place;
import dev.modelops.local.history.World.Trait;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What nobody reports or finalises in time ends by itself. */
final class Late {

  private Late() {}

  /** Waits until there is nothing left that should have ended. */
  static List<String> violations(Api api, World world) throws IOException, InterruptedException {
    List<String> findings = new ArrayList<>();
    Eventually eventually = new Eventually();
    for (String model : world.models) {
      for (Place place : World.places(Trait.TIMED)) {
        String target = "/v1/deployments?state=deploying&model=" + model + "&environment=" + place.name();
        if (!eventually.holds(() -> none(api, "listDeployments", target))) {
          findings.add("a deployment of " + model + " in " + place.name() + " is waited for without end");
        }
      }
      if (!eventually.holds(() -> none(api, "listVersions", "/v1/models/" + model + "/versions?state=pending"))) {
        findings.add("a version of " + model + " waits for its files without end");
      }
    }
    return findings;
  }

  private static boolean none(Api api, String operation, String target) throws IOException {
    return api.send(new Call(Role.VIEWER, operation, "GET", target, Map.of(), null)).is(200).json().path("items")
        .isEmpty();
  }
}
