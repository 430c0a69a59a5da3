package dev.modelops.local.history;

import dev.modelops.domain.access.Role;
import dev.modelops.local.history.Api.Call;
import dev.modelops.local.history.World.Place;
import dev.modelops.testkit.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Where auto-deploy is on, the newest version that may go was asked for, whatever failed on the way. */
final class Automatic {

  private static final int PATIENCE = 240;
  private static final int PAUSE_MILLIS = 250;
  private static final int MOST_OPEN = 10;

  private Automatic() {}

  /** Waits until there is nothing left that should go by itself. */
  static List<String> violations(Api api, World world) throws IOException, InterruptedException {
    List<String> findings = new ArrayList<>();
    int left = PATIENCE;
    for (Place place : World.AUTOMATIC) {
      for (String model : world.models) {
        while (!settled(api, place, model) && left-- > 0) {
          Thread.sleep(PAUSE_MILLIS);
        }
        if (left <= 0 && !settled(api, place, model)) {
          findings.add("the newest version of " + model + " has not come to " + place.name() + " by itself: "
              + ask(api, "getAutoDeploy", "/v1/environments/" + place.name() + "/models/" + model + "/auto-deploy"));
        }
      }
    }
    return findings;
  }

  private static boolean settled(Api api, Place place, String model) throws IOException {
    Answer setting =
        ask(api, "getAutoDeploy", "/v1/environments/" + place.name() + "/models/" + model + "/auto-deploy");
    Answer newest = ask(api, "listVersions", "/v1/models/" + model + "/versions?limit=1&state=ready");
    return !setting.json().path("enabled").asBoolean()
        || newest.json().at("/items/0/version").asInt(0) <= setting.json().path("reached").asInt()
        || !ask(api, "getModel", "/v1/models/" + model).text("/state").equals("active")
        || open(api, place, model) >= MOST_OPEN;
  }

  private static int open(Api api, Place place, String model) throws IOException {
    return ask(api, "listDeployments", "/v1/deployments?limit=100&state=awaiting-approval&model=" + model
        + "&environment=" + place.name()).json().path("items").size();
  }

  private static Answer ask(Api api, String operation, String target) throws IOException {
    return api.send(new Call(Role.VIEWER, operation, "GET", target, Map.of(), null)).is(200);
  }
}
