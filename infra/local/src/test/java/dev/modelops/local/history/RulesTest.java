package dev.modelops.local.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.local.history.Op.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The model of the API notices what it is there to notice: histories that no correct store can have. */
class RulesTest extends MadeUp {

  private static final String SLOT = "slot:h-reported:m";
  private static final String WAITING = "slot:h-auto-gated:m";

  /** A model with the title {@code one}, then {@code two}. */
  private void aModelOfTwoRevisions() {
    did("a", "putModel", MODEL, "one", Outcome.DONE, 1, "active one");
    did("b", "patchModel", MODEL, "two", Outcome.DONE, 2, "active two");
    made("a.0", MODEL, "model.created");
    made("b.0", MODEL, "model.changed");
  }

  @Test
  void whatOneOrderExplainsIsFine() {
    aModelOfTwoRevisions();
    did("c", "getModel", MODEL, "", Outcome.DONE, 2, "active two");
    // At the same time as the change, the old is as good as the new.
    did("d", "getModel", MODEL, "", 1, 4, Outcome.DONE, 1, "active one");
    assertThat(violations()).isEmpty();
  }

  @Test
  void anAcknowledgedWriteThatIsNotThereIsLost() {
    aModelOfTwoRevisions();
    did("c", "patchModel", MODEL, "three", Outcome.DONE, 3, "active three");
    assertThat(violations()).anyMatch(finding -> finding.contains("acknowledged and is lost"));
  }

  @Test
  void aRevisionThatAnotherMadeWasOverwritten() {
    aModelOfTwoRevisions();
    did("c", "patchModel", MODEL, "three", Outcome.DONE, 2, "active three");
    made("c.0", MODEL, "model.changed");
    assertThat(violations()).anyMatch(finding -> finding.contains("with a revision that another operation made"));
  }

  @Test
  void aRepetitionIsAnsweredWithWhatItMadeBefore() {
    aModelOfTwoRevisions();
    world.log.add(new Op("c", "patchModel", "model:n", "three", true, 9, 10, Outcome.DONE, 200, 0, null, true, true));
    made("c.0", MODEL, "model.changed");
    assertThat(violations()).anyMatch(finding -> finding.contains("that another operation made"));
  }

  @Test
  void anOperationIsDoneOnceHoweverOftenItIsSent() {
    aModelOfTwoRevisions();
    made("b.1", MODEL, "model.changed");
    assertThat(violations()).anyMatch(finding -> finding.contains("done more than once"));
  }

  @Test
  void whatWasRefusedIsNotDone() {
    aModelOfTwoRevisions();
    did("c", "patchModel", MODEL, "three", Outcome.REFUSED, 0, null);
    made("c.0", MODEL, "model.changed");
    assertThat(violations()).anyMatch(finding -> finding.contains("refused and done"));
  }

  @Test
  void whatWasNotAnsweredMayBeDone() {
    aModelOfTwoRevisions();
    did("c", "patchModel", MODEL, "three", Outcome.UNKNOWN, 0, null);
    made("c.0", MODEL, "model.changed");
    assertThat(violations()).isEmpty();
  }

  @Test
  void noReadGoesBackBehindWhatAnybodyKnew() {
    aModelOfTwoRevisions();
    did("c", "getModel", MODEL, "", Outcome.DONE, 1, "active one");
    assertThat(violations()).singleElement().asString().contains("went back in time behind revision 2");
  }

  @Test
  void noReadSeesWhatWasAskedForLater() {
    did("c", "getModel", MODEL, "", Outcome.DONE, 2, "active two");
    aModelOfTwoRevisions();
    assertThat(violations()).anyMatch(finding -> finding.contains("saw what was asked for later"));
  }

  @Test
  void aRevisionHasTheContentThatWasWritten() {
    aModelOfTwoRevisions();
    did("c", "getModel", MODEL, "", Outcome.DONE, 2, "active one");
    assertThat(violations()).singleElement().asString().contains("saw what was never there");
  }

  @Test
  void whatNobodyAskedForIsNotThere() {
    aModelOfTwoRevisions();
    made("stranger.0", MODEL, "model.changed");
    assertThat(violations()).anyMatch(finding -> finding.contains("made by nobody"));
  }

  @Test
  void aNumberIsGivenOnceAndGrows() {
    for (String id : List.of("a", "b")) {
      did(id, "createVersion", "version:m:7", "ready " + id, Outcome.DONE, 1, "ready " + id);
      made(id + ".0", "version:m:7", "version.created");
    }
    assertThat(violations()).anyMatch(finding -> finding.contains("given twice"));
    did("c", "createVersion", "version:m:6", "ready c", Outcome.DONE, 1, "ready c");
    made("c.0", "version:m:6", "version.created");
    assertThat(violations()).anyMatch(finding -> finding.contains("versions:m went back in time"));
  }

  @Test
  void aTokenThatWasRevokedIsNotRotated() {
    did("a", "createToken", "token:tok_1", "", Outcome.DONE, 1, "active");
    made("a.0", "token:tok_1", "token.created");
    did("b", "revokeToken", "token:tok_1", "", Outcome.DONE, 2, "revoked");
    made("b.0", "token:tok_1", "token.revoked");
    assertThat(violations()).isEmpty();
    did("c", "rotateToken", "token:tok_2", "tok_1", Outcome.DONE, 1, "active");
    made("c.0", "token:tok_2", "token.created");
    made("c.0", "token:tok_1", "token.rotated");
    assertThat(violations()).singleElement().asString().contains("came upon what was revoked");
  }

  @Test
  void aTokenIsMadeOnceAndRevokedOnce() {
    for (String id : List.of("a", "b")) {
      did(id, "createToken", "token:tok_1", "", Outcome.DONE, 0, null);
      made(id + ".0", "token:tok_1", "token.created");
    }
    for (String id : List.of("c", "d")) {
      did(id, "revokeToken", "token:tok_2", "", Outcome.DONE, 0, null);
      made(id + ".0", "token:tok_2", "token.revoked");
    }
    assertThat(violations()).anyMatch(finding -> finding.contains("token.created") && finding.contains("was active"))
        .anyMatch(finding -> finding.contains("token.revoked") && finding.contains("was revoked"));
  }

  @Test
  void aVersionThatIsNotReadyTakesNoAlias() {
    did("a", "createVersion", "version:m:1", "ready a", Outcome.DONE, 1, "ready a");
    made("a.0", "version:m:1", "version.created");
    did("b", "withdrawVersion", "version:m:1", "", Outcome.DONE, 2, "withdrawn a");
    made("b.0", "version:m:1", "version.withdrawn");
    did("c", "putAlias", "alias:m:champion", "1", Outcome.DONE, 1, "1");
    made("c.0", "alias:m:champion", "alias.created");
    made("c.0", "version:m:1", "version.aliased");
    assertThat(violations()).singleElement().asString().contains("and needs it ready");
  }

  /** Asks for a deployment, which is then under way. */
  private void deploying(String op, String deployment) {
    asked(op, deployment, "h-reported", 1, "deploying");
  }

  @Test
  void oneAfterTheOtherIsFine() {
    deploying("a", "dep_1");
    moved("b", "reportDeployment", "live", "dep_1", "live");
    deploying("c", "dep_2");
    moved("d", "cancelDeployment", "", "dep_2", "cancelled");
    moved("e", "retireDeployment", "", "dep_1", "retired");
    assertThat(violations()).isEmpty();
  }

  @Test
  void twoAreNeverDeployingAtOnce() {
    deploying("a", "dep_1");
    deploying("b", "dep_2");
    assertThat(violations()).anyMatch(finding -> finding.contains("more than one is deploying"));
  }

  @Test
  void whatGoesLiveTakesThePlaceOfWhatIs() {
    deploying("a", "dep_1");
    moved("b", "reportDeployment", "live", "dep_1", "live");
    deploying("c", "dep_2");
    moved("d", "reportDeployment", "live", "dep_2", "live");
    assertThat(violations()).anyMatch(finding -> finding.contains("should have left {dep_1=superseded, dep_2=live}"))
        .anyMatch(finding -> finding.contains("more than one is live"));
  }

  @Test
  void whatHasEndedIsMovedNoMore() {
    deploying("a", "dep_1");
    moved("b", "cancelDeployment", "", "dep_1", "cancelled");
    moved("c", "reportDeployment", "live", "dep_1", "live");
    assertThat(violations()).anyMatch(finding -> finding.contains("moved what was cancelled"));
  }

  @Test
  void whatIsLiveIsNotSeenAfterItHasGone() {
    deploying("a", "dep_1");
    moved("b", "reportDeployment", "live", "dep_1", "live");
    moved("c", "retireDeployment", "", "dep_1", "retired");
    did("d", "getLive", SLOT, "", Outcome.DONE, 0, "dep_1");
    assertThat(violations()).singleElement().asString().contains("went back in time");
  }

  private void switched(String op, String value) {
    did(op, "putAutoDeploy", WAITING, value, Outcome.DONE, 0, null);
    made(op + ".0", WAITING, "slot.auto-deploy-" + (value.equals("on") ? "enabled" : "disabled"));
  }

  /** Auto-deploy asks for a version, and takes the place of its last wish. */
  private void byItself(String run, String deployment, int version, @Nullable String older) {
    String request = "auto-deploy " + run;
    ready(version);
    made(request, "deployment:" + deployment, "deployment.awaiting-approval");
    made(request, WAITING, "slot.changed");
    stored(deployment, "h-auto-gated", version, "awaiting-approval", true);
    if (older != null) {
      made(request, "deployment:" + older, "deployment.superseded");
      ended(older, "superseded");
    }
  }

  @Test
  void theNewestVersionGoesByItself() {
    switched("a", "on");
    byItself("one", "dep_1", 1, null);
    byItself("two", "dep_2", 2, "dep_1");
    assertThat(violations()).isEmpty();
  }

  @Test
  void anOlderWishOfAutoDeployDoesNotWaitOn() {
    switched("a", "on");
    byItself("one", "dep_1", 1, null);
    byItself("two", "dep_2", 2, null);
    assertThat(violations()).anyMatch(finding -> finding.contains("dep_1=superseded"));
  }

  @Test
  void noVersionGoesByItselfTwice() {
    switched("a", "on");
    byItself("one", "dep_1", 1, null);
    byItself("two", "dep_2", 1, "dep_1");
    assertThat(violations()).singleElement().asString().contains("which had come to 1");
  }

  @Test
  void nothingGoesByItselfWhereThatIsOff() {
    switched("a", "on");
    switched("b", "off");
    byItself("one", "dep_1", 1, null);
    assertThat(violations()).singleElement().asString().contains("where auto-deploy is off");
  }

  @Test
  void whatWentByItselfSaysSo() {
    switched("a", "on");
    byItself("one", "dep_1", 1, null);
    stored("dep_1", "h-auto-gated", 1, "awaiting-approval", false);
    assertThat(violations()).singleElement().asString().contains("does not say by whom");
  }
}
