package dev.modelops.domain.metrics;

import java.time.YearMonth;
import java.util.List;

/**
 * The series that were posted for a model and environment in a month, in the order of their first arrival: what the
 * limit of series is held against. A page is only ever appended to, a full page never changes: readers keep what they
 * have seen.
 */
public interface SeriesCatalog {

  /** Most series of one page. The place of a series is {@code page × PAGE + index within the page}. */
  int PAGE = 128;

  /**
   * @param rev counts the writes of the page; 0 when it does not exist yet
   * @param data the encoded series
   */
  record Page(int number, long rev, byte[] data) {}

  /** The pages from a number on, strongly consistent, in order. */
  List<Page> pages(String model, String environment, YearMonth month, int from);

  /** Replaces one page when it is still at {@code page.rev()}; says whether it was. */
  boolean write(String model, String environment, YearMonth month, Page page);
}
