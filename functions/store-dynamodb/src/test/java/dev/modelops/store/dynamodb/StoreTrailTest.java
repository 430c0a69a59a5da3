package dev.modelops.store.dynamodb;

import static dev.modelops.store.dynamodb.Samples.NOW;
import static dev.modelops.store.dynamodb.Samples.model;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.Page;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Department;
import dev.modelops.domain.access.Scope;
import dev.modelops.domain.audit.AccessEntry;
import dev.modelops.domain.audit.AuditLog;
import dev.modelops.domain.audit.AuditLog.Line;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.change.Lost;
import dev.modelops.domain.registry.Model;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every store must find in its audit trail, on a real one. Each test uses names of its own. */
class StoreTrailTest {

  private static final StoreStage STORE = new StoreStage();

  @Test
  void theAuditTrailIsFoundByActorRequestAndTimeWithinTheScope() throws Lost {
    Model model = model("audited", "audits", Map.of());
    Stored<Model> stored = STORE.commit(Change.create("model.created", model), "req-audit-1").of(model);
    STORE.commit(Change.replace("model.changed", stored, model("audited", "audits", Map.of("x", "y"))), "req-audit-2");
    Department department = new Department("audits", null, NOW, "usr_a");
    STORE.commit(Change.create("department.created", department), "req-audit-3");
    STORE.audit
        .record(new AccessEntry("x1", model.ref(), "audits", "artifact.downloaded", NOW, "usr_a", null, "req-audit-4",
            null, null, "model.onnx"));
    Scope scope = new Scope.Departments(Set.of("audits"));
    assertThat(STORE.audit.ofEntity(model.ref(), 2, null).items()).hasSize(2);
    assertThat(paged(position -> STORE.audit.ofEntity(model.ref(), 1, position))).hasSize(3);
    assertThat(paged(position -> STORE.audit.ofActor(scope, "usr_a", NOW, NOW.plusSeconds(1), 1, position))).hasSize(3);
    assertThat(paged(position -> STORE.audit.ofActor(scope, "usr_a", NOW.plusSeconds(1), null, 5, position))).isEmpty();
    assertThat(paged(position -> STORE.audit.ofRequest(scope, "req-audit-1", 5, position))).hasSize(1);
    assertThat(paged(position -> STORE.audit.ofRequest(scope, "req-audit-3", 5, position))).isEmpty();
    assertThat(paged(position -> STORE.audit.ofRequest(Scope.ALL, "req-audit-3", 5, position))).hasSize(1);
    Instant earlier = NOW.minusSeconds(86400 * 9);
    assertThat(paged(position -> page(STORE.audit.overTime(scope, earlier, NOW.plusMillis(1), 2, position))))
        .hasSize(3);
    assertThat(paged(position -> page(STORE.audit.overTime(scope, earlier, NOW, 2, position)))).isEmpty();
    String end = STORE.audit.overTime(scope, NOW.minusSeconds(1), NOW, 9, null).position();
    assertThat(STORE.audit.overTime(scope, NOW.minusSeconds(1), NOW.plusSeconds(1), 9, end).items())
        .as("what follows an end that was reached").hasSize(3);
  }

  private static Page<Line> page(AuditLog.Span span) {
    return new Page<>(span.items(), span.ended() ? null : span.position());
  }

  private static List<Line> paged(Function<@Nullable String, Page<Line>> page) {
    List<Line> lines = new ArrayList<>();
    @Nullable String position = null;
    int pages = 0;
    do {
      Page<Line> next = page.apply(position);
      lines.addAll(next.items());
      position = next.position();
      assertThat(pages++).as("pages end").isLessThan(50);
    } while (position != null);
    return lines;
  }
}
