package dev.modelops.store.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.Stored;
import dev.modelops.domain.audit.AuditEntry;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.registry.Model;
import dev.modelops.json.Json;
import dev.modelops.json.Seal;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

class LedgerTest {

  /** An entry names as many changed fields as there is room for, at most 16, and covers the rest by a digest. */
  @Property(tries = 300)
  void an_entry_is_as_full_as_it_may_be(
      @ForAll @Size(max = 20) Map<@AlphaChars @StringLength(min = 1, max = 60) String, @StringLength(max = 150) String> tags) {
    Model before = Samples.model("m", "risk", Map.of());
    Model after = Samples.model("m", "risk", tags);
    Stored<Model> stored = new Stored<>(before, 7, "f".repeat(64), Json.text(before));
    Change.Effect<?> effect = tags.size() % 2 == 0 ? Change.create("model.created", after).effects().getFirst()
        : Change.replace("model.changed", stored, after).effects().getFirst();
    Diff diff = Diff.of(tags.size() % 2 == 0 ? null : Json.node(before), Json.node(after), Set.of());

    AuditEntry entry = Ledger.entry(effect, Json.node(after), Samples.origin("req"));

    int named = entry.changes().size();
    assertThat(entry.hash()).isEqualTo(Seal.hash(entry));
    assertThat(entry.changes()).isEqualTo(diff.first(named)).hasSizeLessThanOrEqualTo(Diff.MOST_FIELDS);
    assertThat(entry.more()).isEqualTo(diff.rest(named));
    assertThat(named == 0 || Json.text(entry).length() <= Ledger.LONGEST).isTrue();
    assertThat(named == Math.min(diff.changes().size(), Diff.MOST_FIELDS)
        || Json.text(with(entry, diff, named + 1)).length() > Ledger.LONGEST).isTrue();
  }

  private static AuditEntry with(AuditEntry entry, Diff diff, int fields) {
    return Seal.seal(new AuditEntry(entry.entity(), entry.rev(), entry.department(), entry.action(), entry.at(),
        entry.actor(), entry.onBehalfOf(), entry.requestId(), entry.source(), entry.reason(), diff.first(fields),
        diff.rest(fields), entry.before(), entry.after(), entry.previous(), ""));
  }
}
