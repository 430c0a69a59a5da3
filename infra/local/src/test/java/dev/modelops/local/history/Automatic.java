package dev.modelops.local.history;

import dev.modelops.domain.access.Role;
import dev.modelops.local.history.Api.Call;
import dev.modelops.local.history.World.Place;
import dev.modelops.local.history.World.Trait;
import dev.modelops.testkit.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Where auto-deploy is on, the newest version that may go was asked for, whatever failed on the way. */
final class Automatic {

  private static final int MOST_OPEN = 10;
  /** Far fewer than auto-deploy looks at. */
  private static final int NEWEST = 20;

  private Automatic() {}

  /** Waits until there is nothing left that should go by itself. */
  static List<String> violations(Api api, World world) throws IOException, InterruptedException {
    List<String> findings = new ArrayList<>();
    Eventually eventually = new Eventually();
    for (Place place : World.places(Trait.AUTOMATIC)) {
      for (String model : world.models) {
        if (!eventually.holds(() -> settled(api, place, model))) {
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
    return !setting.json().path("enabled").asBoolean()
        || newest(api, place, model) <= setting.json().path("reached").asInt()
        || !ask(api, "getModel", "/v1/models/" + model).text("/state").equals("active")
        || open(api, place, model) >= MOST_OPEN;
  }

  /** Of the newest versions the one that may go there. */
  private static int newest(Api api, Place place, String model) throws IOException {
    String versions = "/v1/models/" + model + "/versions";
    for (JsonNode version : ask(api, "listVersions", versions + "?limit=" + NEWEST + "&state=ready").json()
        .path("items")) {
      int number = version.path("version").asInt();
      if (!place.is(Trait.CHECKED) || api.send(new Call(Role.VIEWER, "getCheck", "GET",
          versions + "/" + number + "/checks/" + World.CHECK, Map.of(), null)).text("/status").equals("passed")) {
        return number;
      }
    }
    return 0;
  }

  private static int open(Api api, Place place, String model) throws IOException {
    return ask(api, "listDeployments", "/v1/deployments?limit=100&state=awaiting-approval&model=" + model
        + "&environment=" + place.name()).json().path("items").size();
  }

  private static Answer ask(Api api, String operation, String target) throws IOException {
    return api.send(new Call(Role.VIEWER, operation, "GET", target, Map.of(), null)).is(200);
  }
}
