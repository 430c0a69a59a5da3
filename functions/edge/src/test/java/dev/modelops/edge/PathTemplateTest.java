package dev.modelops.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class PathTemplateTest {

  private static final List<PathTemplate> PATHS = new ArrayList<>();

  static {
    Contract.shipped().document().path("paths").properties().forEach(path -> PATHS.add(PathTemplate.of(path.getKey())));
  }

  /** A comparison that is no order loses paths, and which ones depends on the order in which they come. */
  @Property(tries = 200)
  void whatever_order_paths_come_in_each_is_found_again(@ForAll long seed) {
    List<PathTemplate> shuffled = new ArrayList<>(PATHS);
    Collections.shuffle(shuffled, new Random(seed));
    Map<PathTemplate, String> map = new TreeMap<>();
    shuffled.forEach(path -> map.put(path, path.text()));
    assertThat(map).hasSameSizeAs(PATHS);
    assertThat(PATHS).allMatch(path -> path.text().equals(map.get(path)));
  }

  @Example
  void the_comparison_is_an_order() {
    for (PathTemplate a : PATHS) {
      for (PathTemplate b : PATHS) {
        assertThat(Integer.signum(a.compareTo(b))).isEqualTo(-Integer.signum(b.compareTo(a)));
        for (PathTemplate c : PATHS) {
          if (a.compareTo(b) < 0 && b.compareTo(c) < 0) {
            assertThat(a.compareTo(c)).as("%s < %s < %s", a.text(), b.text(), c.text()).isNegative();
          }
        }
      }
    }
  }
}
