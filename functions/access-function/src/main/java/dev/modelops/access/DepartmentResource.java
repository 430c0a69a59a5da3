package dev.modelops.access;

import dev.modelops.domain.Entities;
import dev.modelops.domain.Entity;
import dev.modelops.domain.Listing;
import dev.modelops.domain.Page;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Department;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.access.Scope;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import dev.modelops.edge.Outcome;
import dev.modelops.edge.Reply;
import dev.modelops.edge.Request;
import dev.modelops.edge.Routes;
import dev.modelops.edge.Write;
import jakarta.inject.Inject;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The parts of the organisation. They are never deleted: what they own keeps its owner. */
final class DepartmentResource {

  private final Entities entities;

  @Inject
  DepartmentResource(Entities entities) {
    this.entities = entities;
  }

  /** What a department is replaced by. */
  record Content(@Nullable String title) {}

  void bind(Routes routes) {
    routes.bind("listDepartments", this::list).bind("getDepartment", this::get).bind("putDepartment", this::put);
  }

  private Outcome list(Request request) {
    Page<Stored<Department>> page = switch (request.caller().scope(Permission.READ)) {
      case Scope.All all -> entities.list(new Listing<>(Department.class, new Listing.Organisation(), each -> true,
          request.limit(), request.position()));
      case Scope.Departments own -> own(own.names(), request);
    };
    return request.page(page.map(Stored::entity));
  }

  /** A caller's own departments are as few as his grants: read by name, in pages all the same. */
  private Page<Stored<Department>> own(Set<String> names, Request request) {
    String after = request.position();
    List<String> rest = names.stream().sorted().filter(name -> after == null || name.compareTo(after) > 0).toList();
    List<String> now = rest.subList(0, Math.min(request.limit(), rest.size()));
    List<Stored<Department>> found =
        entities.getAll(Department.class, now.stream().map(Ref::department).toList()).values()
            .stream().sorted(Comparator.comparing(each -> each.entity().name())).toList();
    return new Page<>(found, now.size() == rest.size() ? null : now.getLast());
  }

  private Outcome get(Request request) {
    String name = request.path("department");
    Stored<Department> stored = entities.get(Department.class, Ref.department(name))
        .filter(each -> request.caller().scope(Permission.READ).covers(name))
        .orElseThrow(() -> Refused.notFound("there is no department " + name));
    return Reply.ok(stored.entity()).rev(stored.rev());
  }

  private Outcome put(Request request) {
    request.require(Permission.ADMINISTER, Entity.ORGANISATION);
    String name = request.path("department");
    Content content = request.body(Content.class);
    Stored<Department> before = entities.get(Department.class, Ref.department(name)).orElse(null);
    if (before == null) {
      if (request.ifMatchOptional().isPresent()) {
        request.requireMatch(0);
      }
      Department made = new Department(name, content.title(), request.now().truncatedTo(ChronoUnit.MILLIS),
          request.caller().subject());
      return Write.of(Change.create("department.created", made),
          done -> Reply.created("/v1/departments/" + name, made).rev(done.of(made).rev()));
    }
    if (request.ifNoneMatchAny()) {
      throw Refused.of(Problem.PRECONDITION_FAILED, "the department exists already",
          Reply.noContent().rev(before.rev()).headers());
    }
    Department next =
        new Department(name, content.title(), before.entity().createdAt(), before.entity().createdBy());
    if (next.equals(before.entity())) {
      return Reply.ok(next).rev(before.rev());
    }
    return Write.of(Change.replace("department.changed", before, next), done -> Reply.ok(next).rev(done.of(next).rev()))
        .guardedBy(next.ref());
  }
}
