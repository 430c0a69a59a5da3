package dev.modelops.checker;

/**
 * A part of a store, so that a large one is checked by several processes, or on several days. Parts are segments of
 * DynamoDB's parallel scan: about equal, without overlap, and together everything.
 *
 * @param number from 1 to {@code of}
 */
public record Part(int number, int of) {

  public static final Part WHOLE = new Part(1, 1);

  /** @throws IllegalArgumentException unless {@code 1 <= number <= of <= 1000} */
  public Part {
    if (number < 1 || number > of || of > 1000) {
      throw new IllegalArgumentException(number + "/" + of + " is no part");
    }
  }

  /** Reads {@code 3/8}. @throws IllegalArgumentException when it is none */
  public static Part parse(String text) {
    if (!text.matches("\\d{1,4}/\\d{1,4}")) {
      throw new IllegalArgumentException(text + " is no part");
    }
    String[] numbers = text.split("/");
    return new Part(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
  }
}
