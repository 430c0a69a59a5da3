package dev.modelops.local.zip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is looked for in the dumps of functions is found in one of a JVM that holds it. */
final class HeapDumpTest {
  private static final long WANTED = 0x5ca1ab1e0ddba11L;
  private static final long OF_A_CLASS = WANTED;

  @TempDir private Path folder = Path.of("");

  private static class Parent {
    final int before = 1;
    final long inherited;

    Parent(long inherited) {
      this.inherited = inherited;
    }
  }

  private static final class Child extends Parent {
    final long own;
    final boolean behind = true;

    Child(long own) {
      super(own);
      this.own = own;
    }
  }

  /** Holds it until its input ends. */
  public static void main(String[] args) throws IOException {
    List<Object> alive = List.of(new Child(WANTED), UUID.randomUUID(), "a text that only this test holds");
    System.out.println("holding");
    System.out.println(System.in.read() + " " + alive);
  }

  @Test
  void objectsTextsAndNumbersAreFound() throws IOException {
    Process holder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-classpath", System.getProperty("java.class.path"), HeapDumpTest.class.getName())
        .redirectError(Redirect.INHERIT).start();
    try (BufferedReader said = holder.inputReader()) {
      assertThat(said.readLine()).isEqualTo("holding");
      HeapDump dump = HeapDump.of(holder.pid(), folder.resolve("holder.hprof"), number -> number == WANTED);
      String here = HeapDumpTest.class.getName();
      assertThat(dump.numbers()).extracting(HeapDump.Number::field).contains(here + ".OF_A_CLASS",
          here + "$Parent.inherited", here + "$Child.own");
      assertThat(dump.counts()).containsEntry(here + "$Child", 1);
      assertThat(dump.counts().get("java.util.UUID")).isPositive();
      assertThat(dump.holds("a text that only this test holds")).isTrue();
    } finally {
      holder.destroy();
    }
  }
}
