package dev.modelops.store.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.access.SubjectType;
import dev.modelops.domain.access.Subjects.Subject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every store must know of subjects and their addresses, and forget, on a real one. Each test uses names of its own. */
class StoreSubjectsTest {

  private static final StoreStage STORE = new StoreStage();

  @Test
  void anAddressHasOneReferenceThatDoesNotGiveItAway() {
    DynamoSubjects subjects = new DynamoSubjects(STORE.dynamo, STORE.tables);
    String source = subjects.source("198.51.100.7");
    assertThat(new DynamoSubjects(STORE.dynamo, STORE.tables).source("198.51.100.7")).isEqualTo(source);
    assertThat(subjects.addresses(List.of(source, "src_unknown"))).isEqualTo(Map.of(source, "198.51.100.7"));
  }

  @Test
  void anErasedNameIsGoneWhileItsSubjectMayComeBack() {
    DynamoSubjects subjects = new DynamoSubjects(STORE.dynamo, STORE.tables);
    Subject subject = new Subject("usr_erase", SubjectType.PERSON, "Ada");
    subjects.remember(subject);
    assertThat(subjects.get("usr_erase")).contains(subject);
    subjects.erase("usr_erase");
    assertThat(subjects.get("usr_erase")).isEmpty();
    assertThat(subjects.getAll(List.of("usr_erase"))).isEmpty();
    subjects.remember(subject);
    assertThat(subjects.getAll(List.of("usr_erase"))).containsOnlyKeys("usr_erase");
  }
}
