package dev.modelops.domain.registry;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Splits names and titles into the words that a search finds by their beginning. */
public final class Words {

  /** Most words that are indexed of one entity; bounds its transactions. */
  public static final int MOST = 12;
  /** Longer words are cut, and so must be what they are compared with. */
  public static final int LONGEST = 64;

  private Words() {}

  /** The first words of the texts, folded to lower case, each once; letters and digits of any script. */
  public static Set<String> of(@Nullable String... texts) {
    Set<String> words = new LinkedHashSet<>();
    for (String text : texts) {
      if (text == null) {
        continue;
      }
      for (String word : text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+")) {
        if (!word.isEmpty() && words.size() < MOST) {
          words.add(word.length() > LONGEST ? word.substring(0, LONGEST) : word);
        }
      }
    }
    return Collections.unmodifiableSet(words);
  }

  /** Whether each of these beginnings starts some word of the model's name or title. */
  public static boolean match(Model model, Set<String> beginnings) {
    Set<String> words = of(model.name(), model.title());
    return beginnings.stream().allMatch(start -> words.stream().anyMatch(word -> word.startsWith(start)));
  }
}
