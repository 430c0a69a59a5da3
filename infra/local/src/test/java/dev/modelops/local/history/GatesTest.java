package dev.modelops.local.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.local.history.Op.Outcome;
import org.junit.jupiter.api.Test;

/** The model of the gate notices what went on when it must not have, and what was given up too early. */
class GatesTest extends MadeUp {

  private static final String CHECK = "check:m:1:ci";
  private static final String VERSION = "version:m:1";
  private static final String DEPLOYMENT = "deployment:dep_1";

  private int posted;

  private void posted(String op, String status) {
    posted(op, status, now(), now() + 1);
  }

  private void posted(String op, String status, long began, long ended) {
    posted++;
    did(op, "postCheck", CHECK, status + " " + posted, began, ended, Outcome.DONE, posted, status + " " + posted);
    made(op + ".0", CHECK, "check.posted");
  }

  /** Deploying, with an approval and a check that is passed. */
  private void underWay() {
    posted("p", "passed");
    asked("a", "dep_1", "h-checked", 1, "awaiting-approval");
    moved("b", "decideDeployment", "approved", "dep_1", "deploying");
  }

  @Test
  void whatIsPassedGoesOn() {
    underWay();
    moved("c", "reportDeployment", "live", "dep_1", "live");
    posted("q", "failed");
    moved("d", "retireDeployment", "", "dep_1", "retired");
    assertThat(violations()).isEmpty();
  }

  @Test
  void whatWasNeverCheckedIsNotLetThrough() {
    asked("a", "dep_1", "h-checked", 1, "awaiting-approval");
    assertThat(violations()).singleElement().asString().contains("let through when check:m:1:ci was not passed");
  }

  @Test
  void whatHasFailedItsCheckGoesOnNoMore() {
    underWay();
    posted("q", "failed");
    moved("c", "reportDeployment", "live", "dep_1", "live");
    assertThat(violations()).singleElement().asString().contains("deployment.live")
        .contains("let through when check:m:1:ci was not passed");
  }

  @Test
  void noApprovalHelpsWhatHasFailedItsCheck() {
    posted("p", "passed");
    asked("a", "dep_1", "h-checked", 1, "awaiting-approval");
    posted("q", "failed");
    moved("b", "decideDeployment", "approved", "dep_1", "deploying");
    assertThat(violations()).singleElement().asString().contains("deployment.deploying").contains("was not passed");
  }

  @Test
  void aFailureThatWasNotAnsweredMayHaveComeLater() {
    underWay();
    posted++;
    did("q", "postCheck", CHECK, "failed 2", Outcome.UNKNOWN, 0, null);
    made("q.0", CHECK, "check.posted");
    moved("c", "reportDeployment", "live", "dep_1", "live");
    assertThat(violations()).isEmpty();
  }

  @Test
  void anApprovalOfWhatIsUnderWayIsAskedTheSame() {
    underWay();
    posted("q", "failed");
    did("c", "decideDeployment", DEPLOYMENT, "approved", Outcome.DONE, 0, null);
    made("c.0", DEPLOYMENT, "deployment.approved");
    assertThat(violations()).singleElement().asString().contains("deployment.approved").contains("was not passed");
  }

  @Test
  void whatGoesOnWhileItsCheckFailsMayHaveBeenFirst() {
    underWay();
    posted("q", "failed", now(), now() + 10);
    did("c", "reportDeployment", DEPLOYMENT, "live", now() - 5, now() + 10, Outcome.DONE, 0, null);
    moved("c.0", "dep_1", "live");
    assertThat(violations()).isEmpty();
  }

  @Test
  void whoeverSawItWaitAfterItsCheckHadFailedKnowsWhichWasFirst() {
    underWay();
    posted("q", "failed", now(), now() + 10);
    did("look", "getDeployment", DEPLOYMENT, "", Outcome.DONE, 2, "deploying");
    did("c", "reportDeployment", DEPLOYMENT, "live", now() - 8, now() + 10, Outcome.DONE, 0, null);
    moved("c.0", "dep_1", "live");
    assertThat(violations()).singleElement().asString().contains("deployment.live").contains("was not passed");
  }

  @Test
  void whatNobodyAskedForCameAfterWhatItsSlotHasBeforeIt() {
    String slot = "slot:h-auto-checked:m";
    ready(1);
    posted("p", "passed");
    posted("q", "failed");
    did("a", "putAutoDeploy", slot, "on", Outcome.UNKNOWN, 0, null);
    made("a.0", slot, "slot.auto-deploy-enabled");
    made("auto-deploy run", DEPLOYMENT, "deployment.live");
    made("auto-deploy run", slot, "slot.live-changed");
    stored("dep_1", "h-auto-checked", 1, "live", true);
    assertThat(violations()).anyMatch(finding -> finding.contains("deployment.live")
        && finding.contains("was not passed"));
  }

  @Test
  void whatNobodyAskedForCameBeforeWhatItsSlotHasBehindIt() {
    String slot = "slot:h-auto-checked:m";
    ready(1);
    did("a", "putAutoDeploy", slot, "on", Outcome.DONE, 0, null);
    made("a.0", slot, "slot.auto-deploy-enabled");
    made("auto-deploy run", DEPLOYMENT, "deployment.live");
    made("auto-deploy run", slot, "slot.live-changed");
    stored("dep_1", "h-auto-checked", 1, "live", true);
    did("b", "putAutoDeploy", slot, "off", Outcome.DONE, 0, null);
    made("b.0", slot, "slot.auto-deploy-disabled");
    posted("p", "passed");
    assertThat(violations()).anyMatch(finding -> finding.contains("deployment.live")
        && finding.contains("was not passed"));
  }

  @Test
  void aVersionThatWasWithdrawnGoesOnNoMore() {
    underWay();
    did("w", "withdrawVersion", VERSION, "", Outcome.DONE, 2, "withdrawn v1");
    made("w.0", VERSION, "version.withdrawn");
    moved("c", "reportDeployment", "live", "dep_1", "live");
    assertThat(violations()).singleElement().asString().contains("let through when version:m:1 was not ready");
  }

  private void archived() {
    did("r", "archiveModel", MODEL, "", Outcome.DONE, 2, "archived title");
    made("r.0", MODEL, "model.archived");
  }

  @Test
  void nothingGoesOnOfAModelThatIsArchived() {
    underWay();
    archived();
    moved("c", "reportDeployment", "live", "dep_1", "live");
    assertThat(violations()).singleElement().asString().contains("let through when model:m was not active");
  }

  @Test
  void theWayBackIsOpenAlsoThen() {
    asked("a", "dep_1", "h-open", 1, "live");
    archived();
    did("b", "rollbackDeployment", "deployment:dep_2", "dep_1", Outcome.DONE, 1, "live");
    made("b.0", "deployment:dep_2", "deployment.live");
    made("b.0", "slot:h-open:m", "slot.live-changed");
    made("b.0", DEPLOYMENT, "deployment.rolled-back");
    stored("dep_2", "h-open", 1, "live", false);
    ended("dep_1", "rolled-back");
    assertThat(violations()).isEmpty();
  }

  @Test
  void onlyWhatHasFilesIsProved() {
    created(1, "pending");
    finalised(2);
    asked("a", "dep_1", "h-proved", 1, "live");
    assertThat(violations()).isEmpty();
    ready(2);
    asked("b", "dep_2", "h-proved", 2, "live");
    made("b.0", DEPLOYMENT, "deployment.superseded");
    ended("dep_1", "superseded");
    assertThat(violations()).singleElement().asString().contains("version:m:2 through, of which nothing is proved");
  }

  /** By the deadline, seen by somebody. */
  private void givenUp() {
    moved("deadline run", "dep_1", "failed");
    did("look", "getDeployment", DEPLOYMENT, "", Outcome.DONE, 2, "failed");
  }

  @Test
  void whatIsNotReportedInTimeIsGivenUp() {
    asked("a", "dep_1", "h-timed", 1, "deploying");
    waitInVain();
    givenUp();
    assertThat(violations()).isEmpty();
  }

  @Test
  void nothingIsGivenUpBeforeItsTimeIsOver() {
    asked("a", "dep_1", "h-timed", 1, "deploying");
    givenUp();
    assertThat(violations()).singleElement().asString().contains("before the time of").contains("was over");
  }

  @Test
  void nothingIsGivenUpAfterItWasReported() {
    asked("a", "dep_1", "h-timed", 1, "deploying");
    moved("b", "reportDeployment", "live", "dep_1", "live");
    waitInVain();
    moved("deadline run", "dep_1", "failed");
    assertThat(violations()).singleElement().asString().contains("moved what was live");
  }

  @Test
  void nothingIsGivenUpTwice() {
    asked("a", "dep_1", "h-timed", 1, "deploying");
    waitInVain();
    moved("deadline run", "dep_1", "failed");
    moved("deadline another", "dep_1", "failed");
    assertThat(violations()).anyMatch(finding -> finding.contains("moved what was failed"));
  }

  @Test
  void nothingIsGivenUpWhereThereIsTime() {
    asked("a", "dep_1", "h-reported", 1, "deploying");
    waitInVain();
    givenUp();
    assertThat(violations()).singleElement().asString().contains("which has all the time");
  }

  /** At this revision, seen by somebody. */
  private void expired(long rev) {
    made("expiry run", VERSION, "version.expired");
    did("look", "getVersion", VERSION, "", Outcome.DONE, rev, "expired v1");
  }

  private void finalised(long rev) {
    did("f", "finalizeVersion", VERSION, "", Outcome.DONE, rev, "ready v1");
    made("f.0", VERSION, "version.finalized");
  }

  @Test
  void noVersionExpiresBeforeItsTimeIsOver() {
    created(1, "pending");
    expired(2);
    assertThat(violations()).singleElement().asString().contains("before the time of").contains("was over");
  }

  @Test
  void aVersionThatHasExpiredIsNotMadeReady() {
    created(1, "pending");
    waitInVain();
    expired(2);
    assertThat(violations()).isEmpty();
    finalised(3);
    assertThat(violations()).singleElement().asString().contains("and needs it pending");
  }

  @Test
  void aVersionThatIsReadyDoesNotExpire() {
    created(1, "pending");
    finalised(2);
    waitInVain();
    expired(3);
    assertThat(violations()).singleElement().asString().contains("and needs it pending");
  }
}
