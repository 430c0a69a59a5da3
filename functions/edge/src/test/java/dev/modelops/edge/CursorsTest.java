package dev.modelops.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelops.domain.access.Role;
import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import dev.modelops.edge.Things.Sent;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class CursorsTest {
  private static final String KEY = "0123456789abcdef0123456789abcdef";
  private final Things things = new Things();

  private static Cursors cursors(String... keys) {
    return new Cursors(new CursorKeys(() -> List.of(keys), Clock.systemUTC()));
  }

  @Property
  void aCursorOpensWhatItWasMadeFor(@ForAll @StringLength(max = 300) String text,
      @ForAll @Size(max = 4) List<@StringLength(max = 20) String> binding) {
    String position = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    Cursors cursors = cursors(KEY);
    assertThat(cursors.open(cursors.seal(position, binding), binding)).isEqualTo(position);
  }

  @Property
  void aCursorOpensNothingElse(@ForAll @Size(max = 4) List<@StringLength(max = 3) String> made,
      @ForAll @Size(max = 4) List<@StringLength(max = 3) String> used) {
    Cursors cursors = cursors(KEY);
    String cursor = cursors.seal("p", made);
    if (!made.equals(used)) {
      refused(cursors, cursor, used);
    }
  }

  /** Parts go in with their lengths: shifting text between them makes another binding. */
  @Property
  void filtersCannotBeShifted(@ForAll @NotEmpty String one, @ForAll @NotEmpty String two) {
    Cursors cursors = cursors(KEY);
    refused(cursors, cursors.seal("p", List.of(one, two)), List.of(one + two));
    refused(cursors, cursors.seal("p", List.of(one, two)), List.of(one, two, ""));
    refused(cursors, cursors.seal("p", List.of(one + two, "")), List.of(one, two));
  }

  @Test
  void aCursorTamperedWithBitByBitOpensNothing() {
    Cursors cursors = cursors(KEY);
    List<String> binding = List.of("listThings", "usr_1");
    String cursor = cursors.seal("model#card-fraud", binding);
    byte[] bytes = Base64.getUrlDecoder().decode(cursor);
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] tampered = bytes.clone();
      tampered[bit / 8] ^= (byte) (1 << bit % 8);
      refused(cursors, Base64.getUrlEncoder().withoutPadding().encodeToString(tampered), binding);
    }
    for (int at = 0; at < cursor.length(); at++) {
      refused(cursors, cursor.substring(0, at), binding);
      for (char c : "A=_-+/ é".toCharArray()) {
        String tampered = cursor.substring(0, at) + c + cursor.substring(at + 1);
        if (!tampered.equals(cursor)) {
          refused(cursors, tampered, binding);
        }
      }
    }
    refused(cursors, cursor + "A", binding);
    refused(cursors, cursor + "=", binding);
  }

  @Test
  void thePreviousKeyIsAcceptedAndTheOneBeforeIsNot() {
    String old = cursors("first-key-0123456789abcdef0123456789").seal("p", List.of());
    assertThat(cursors(KEY, "first-key-0123456789abcdef0123456789").open(old, List.of())).isEqualTo("p");
    refused(cursors(KEY), old, List.of());
  }

  @Test
  void keysAreReadAtFirstUseAfterARestoreAndWhenAnUnknownOneMayBeNew() {
    AtomicInteger reads = new AtomicInteger();
    List<String> keys = new ArrayList<>(List.of(KEY));
    Clock clock = Clock.systemUTC();
    Clock[] now = {clock};
    CursorKeys source = new CursorKeys(() -> {
      reads.incrementAndGet();
      return List.copyOf(keys);
    }, new Moving(now));
    Cursors cursors = new Cursors(source);
    assertThat(reads).hasValue(0);
    String cursor = cursors.seal("p", List.of());
    cursors.open(cursor, List.of());
    assertThat(reads).hasValue(1);
    keys.addFirst("rotated-0123456789abcdef0123456789");
    String rotated = cursors(keys.getFirst()).seal("p", List.of());
    refused(cursors, rotated, List.of());
    assertThat(reads).as("not more often than every five minutes").hasValue(1);
    now[0] = Clock.offset(clock, Duration.ofMinutes(6));
    assertThat(cursors.open(rotated, List.of())).isEqualTo("p");
    assertThat(reads).hasValue(2);
    cursors.forget();
    cursors.open(rotated, List.of());
    assertThat(reads).hasValue(3);
  }

  private static final class Moving extends Clock {
    private final Clock[] now;

    Moving(Clock[] now) {
      this.now = now;
    }

    @Override
    public java.time.ZoneId getZone() {
      return now[0].getZone();
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      return this;
    }

    @Override
    public java.time.Instant instant() {
      return now[0].instant();
    }
  }

  @Test
  void aShortKeySignsNothing() {
    assertThatThrownBy(() -> cursors("short").seal("p", List.of())).hasMessageContaining("less than 32 characters");
  }

  @Test
  void cursorsAreShort() {
    assertThat(cursors(KEY).seal("x".repeat(1_000), List.of())).hasSizeLessThan(1_500);
    assertThatThrownBy(() -> cursors(KEY).seal("x".repeat(1_200), List.of())).hasMessageContaining("too long");
  }

  @Test
  void listsGiveCursorsForThemselvesAlone() {
    Sent page = things.get("/things?kind=a&limit=1");
    String next = page.at("/next");
    assertThat(page.headers().get("Link"))
        .isEqualTo("</things?kind=a&limit=1&cursor=" + next + ">; rel=\"next\"");
    Sent second = things.get("/things?kind=a&cursor=" + next);
    assertThat(second.at("/items/0")).isEqualTo("p#1");
    assertThat(second.json().has("next")).isFalse();
    assertThat(things.get("/things?kind=b&cursor=" + next).problem()).isEqualTo("invalid-cursor");
    assertThat(things.get("/things?cursor=" + next).problem()).isEqualTo("invalid-cursor");
    assertThat(things.get("/things?kind=a&cursor=").problem()).isEqualTo("invalid-cursor");
    things.as("usr_2", Role.VIEWER);
    assertThat(things.get("/things?kind=a&cursor=" + next).problem()).isEqualTo("invalid-cursor");
  }

  private static void refused(Cursors cursors, String cursor, List<String> binding) {
    assertThatThrownBy(() -> cursors.open(cursor, binding)).isInstanceOfSatisfying(Refused.class,
        refused -> assertThat(refused.problem()).isEqualTo(Problem.INVALID_CURSOR));
  }
}
