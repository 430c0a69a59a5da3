package dev.modelops.local.history;

import dev.modelops.testkit.Answer;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** A network that loses requests, and answers of requests that were done, at a rate. */
final class Lossy implements Api {

  private final Api api;
  private final double rate;
  private final Random random;
  private final AtomicInteger lost = new AtomicInteger();

  Lossy(Api api, double rate, long seed) {
    this.api = api;
    this.rate = rate;
    this.random = new Random(seed);
  }

  int lost() {
    return lost.get();
  }

  @Override
  public Answer send(Call call) throws IOException {
    double fate = random.nextDouble();
    if (fate < rate / 2) {
      throw lose("the request was lost");
    }
    Answer answer = api.send(call);
    if (fate < rate) {
      throw lose("the answer was lost");
    }
    return answer;
  }

  private IOException lose(String what) {
    lost.incrementAndGet();
    return new IOException(what + " (injected)");
  }
}
