package dev.modelops.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefTest {

  @ParameterizedTest
  @CsvSource({
      "model:Card-FRAUD,               model:card-fraud",
      "version:Card-FRAUD:3,           version:card-fraud:3",
      "alias:Card-FRAUD:Champion,      alias:card-fraud:Champion",
      "check:Card-FRAUD:3:Bias-Audit,  check:card-fraud:3:Bias-Audit",
      "slot:production:Card-FRAUD,     slot:production:card-fraud",
      "deployment:dep_1,               deployment:dep_1",
      "approval:dep_1:usr_Ada,         approval:dep_1:usr_Ada"})
  void aModelIsNamedInAnyCase(String text, String ref) {
    assertThat(Ref.parse(text)).hasToString(ref).isEqualTo(Ref.parse(ref));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "model", "model:", ":a", "Model:a", "thing:a"})
  void whatNamesNothingIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Ref.parse(text));
  }
}
