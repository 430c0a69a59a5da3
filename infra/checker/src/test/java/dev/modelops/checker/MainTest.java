package dev.modelops.checker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command when there is nothing to check: one sentence that says why. */
class MainTest {

  @TempDir private Path folder = Path.of("");

  private static String refusal(String setting, String value) {
    Properties settings = new Properties();
    settings.setProperty(setting, value);
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream to = new PrintStream(said, true, StandardCharsets.UTF_8);
    assertThat(new Main(settings, to, to).run()).isEqualTo(2);
    return said.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aFolderWithoutAStoreIsOneSentence() {
    assertThat(refusal("modelops.data", folder.resolve("none").toString())).isEqualToIgnoringNewLines(
        "[check] The store was not checked: there is none in " + folder.resolve("none") + ": mvn -Plocal makes one");
  }

  @Test
  void aPartThatIsNoneIsOneSentence() {
    assertThat(refusal("modelops.check.part", "9/8"))
        .isEqualToIgnoringNewLines("[check] The store was not checked: 9/8 is no part");
    assertThat(refusal("modelops.check.part", "third"))
        .isEqualToIgnoringNewLines("[check] The store was not checked: third is no part");
  }

  @Test
  void outputsThatNameNoTableAreOneSentence() {
    assertThat(refusal("modelops.outputs", "RecordsTableName=r\tTermsTableName=t"))
        .isEqualToIgnoringNewLines("[check] The store was not checked: modelops.outputs names no MetricsTableName");
  }
}
