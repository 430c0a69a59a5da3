package dev.modelops.domain.registry;

import java.text.Normalizer;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Splits names and titles into the words that a search finds by their beginning. */
public final class Words {

  /** Most words that are indexed of one entity; bounds its transactions. */
  public static final int MOST = 12;
  /** Longer words are cut to so many characters, and so must be what they are compared with. */
  public static final int LONGEST = 64;

  private static final Pattern MARKS = Pattern.compile("\\p{Mn}+");

  private Words() {}

  /** The first words of the texts, folded, each once; letters and digits of any script. */
  public static Set<String> of(@Nullable String... texts) {
    Set<String> words = new LinkedHashSet<>();
    for (String text : texts) {
      if (text == null) {
        continue;
      }
      for (String word : folded(text).split("[^\\p{L}\\p{N}]+")) {
        if (!word.isEmpty() && words.size() < MOST) {
          words.add(cut(word));
        }
      }
    }
    return Collections.unmodifiableSet(words);
  }

  /**
   * Without accents and case, however the characters are composed. By way of upper case, and character by character: so ß
   * is ss, and a sigma is the same at the end of a word as within.
   */
  private static String folded(String text) {
    String bare = MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFKD)).replaceAll("");
    int[] folded = bare.toUpperCase(Locale.ROOT).codePoints().map(Character::toLowerCase).toArray();
    return Normalizer.normalize(new String(folded, 0, folded.length), Normalizer.Form.NFC);
  }

  private static String cut(String word) {
    return word.codePointCount(0, word.length()) > LONGEST ? word.substring(0, word.offsetByCodePoints(0, LONGEST))
        : word;
  }

  /** Whether each of these beginnings starts some word of the model's name or title. */
  public static boolean match(Model model, Set<String> beginnings) {
    Set<String> words = of(model.name(), model.title());
    return beginnings.stream().allMatch(start -> words.stream().anyMatch(word -> word.startsWith(start)));
  }
}
