package dev.modelops.access;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.modelops.domain.Entities;
import dev.modelops.domain.Entity;
import dev.modelops.domain.Ids;
import dev.modelops.domain.Listing;
import dev.modelops.domain.access.Grant;
import dev.modelops.domain.access.IdentityProvider;
import dev.modelops.domain.access.Role;
import dev.modelops.domain.access.Scope;
import dev.modelops.domain.access.SubjectType;
import dev.modelops.domain.access.Subjects;
import dev.modelops.domain.access.Token;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.change.Change.Claim;
import dev.modelops.domain.change.Changes;
import dev.modelops.domain.change.Lost;
import dev.modelops.domain.change.Origin;
import dev.modelops.edge.Snapshot;
import dev.modelops.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Makes the token of the first admin of a new store, once: no API route leads here, whoever may invoke this function in the
 * AWS account may have it. Refuses where a token or an identity provider was ever entered, since only an admin can have
 * done that; of several calls at once one succeeds, because all claim the same name.
 */
public final class FirstAdminFunction implements RequestStreamHandler {
  /** The {@code source} of an event that asks for the token; the weekly call that keeps the function awake has another. */
  static final String ASKED = "modelops.first-admin";
  /** Long enough to enter an identity provider, or to make tokens for others. */
  static final Duration LIFE = Duration.ofDays(7);

  private final Entities entities;
  private final Changes changes;
  private final Subjects subjects;
  private final Clock clock;
  // The registry of hooks holds them weakly: as long as the function lives, so do they.
  @SuppressWarnings("unused") private final Snapshot snapshot;

  public FirstAdminFunction() {
    this(System.getenv());
  }

  /** @param env the function's environment */
  public FirstAdminFunction(Map<String, String> env) {
    this.clock = Clock.systemUTC();
    StoreComponent store = DaggerStoreComponent.factory().create(env, clock);
    this.entities = store.entities();
    this.changes = store.changes();
    this.subjects = store.subjects();
    this.snapshot = Snapshot.register(this::used, () -> {});
  }

  /** @param token shown this once */
  private record Issued(String token, String subject, Instant expiresAt) {}

  private record Refusal(String refused) {}

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
    JsonNode event = Json.tree(input.readAllBytes());
    output.write(Json.write(answer(event, context)));
  }

  private Object answer(JsonNode event, Context context) {
    if (!event.path("source").asString("").equals(ASKED)) {
      return Map.of();
    }
    return used() ? refusal() : issue(event.path("name").asString("First admin"), context);
  }

  private boolean used() {
    return any(new Listing<>(Token.class, new Listing.ByTerm(Scope.ALL, "all", "", true), each -> true, 1, null))
        || any(new Listing<>(IdentityProvider.class, new Listing.Organisation(), each -> true, 1, null));
  }

  private boolean any(Listing<? extends Entity> listing) {
    return !entities.list(listing).items().isEmpty();
  }

  private Object issue(String name, Context context) {
    Ids ids = new Ids(clock);
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    ApiToken secret = ApiToken.issue(ids.next("tok"));
    String subject = ids.next(SubjectIds.prefix(SubjectType.PERSON));
    Origin origin = Origin.system("first-admin", context.getAwsRequestId(), "the first admin of this store", now);
    Grant admin = new Grant(Role.ADMIN, Entity.ORGANISATION, null, null, origin.subject());
    Token token =
        new Token(secret.id(), "first admin", subject, SubjectType.PERSON, null, List.of(admin), secret.hash(),
            now, origin.subject(), now.plus(LIFE), null, null, null);
    // Before the token: when this fails, nothing is made and the call can be made again.
    subjects.remember(new Subjects.Subject(subject, SubjectType.PERSON, name));
    Change change = Change.create("token.created", token).claiming(new Claim("first-admin", "token", token.ref()));
    Instant deadline = now.plusMillis(context.getRemainingTimeInMillis()).minusSeconds(1);
    try {
      changes.commit(change, origin, null, deadline);
    } catch (Lost lost) {
      return refusal();
    }
    return new Issued(secret.text(), subject, token.expiresAt());
  }

  private static Refusal refusal() {
    return new Refusal("this store has had an admin: ask one, or name one by FirstAdminIssuer and FirstAdminSubject");
  }
}
