package dev.modelops.whole;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Stands before a server on this machine, hands one request on to it, and ends the client's connection unanswered. */
final class CutConnection implements AutoCloseable {

  /** Where it ends. */
  enum Cut {
    IN_THE_BODY,
    BEFORE_THE_ANSWER
  }

  private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *(\\d+)");

  private final ServerSocket door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  private final Thread thread;

  CutConnection(int port, Cut cut) throws IOException {
    thread = Thread.ofVirtual().start(() -> handOn(port, cut));
  }

  /** Where the request is to be sent instead. */
  URI instead(URI uri) {
    return URI.create(uri.toString().replace(uri.getAuthority(), "127.0.0.1:" + door.getLocalPort()));
  }

  private void handOn(int port, Cut cut) {
    try (Socket client = door.accept(); Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
      InputStream in = client.getInputStream();
      OutputStream out = server.getOutputStream();
      byte[] head = head(in);
      Matcher length = LENGTH.matcher(new String(head, StandardCharsets.ISO_8859_1));
      int body = length.find() ? Integer.parseInt(length.group(1)) : 0;
      out.write(head);
      out.write(in.readNBytes(cut == Cut.IN_THE_BODY ? body / 2 : body));
      out.flush();
      if (cut == Cut.BEFORE_THE_ANSWER) {
        server.getInputStream().read(); // When it begins to answer, it is done.
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    for (int end = 0; end != 0x0d0a0d0a;) {
      int next = in.read();
      head.write(next);
      end = end << 8 | next;
    }
    return head.toByteArray();
  }

  /** When the server has all that it will get. */
  @Override
  public void close() throws IOException {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    door.close();
  }
}
