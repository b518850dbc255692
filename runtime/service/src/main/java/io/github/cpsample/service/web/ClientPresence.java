package io.github.cpsample.service.web;

import io.javalin.http.Context;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;

/**
 * Whether a client still waits for its answer. A server that waits itself is not told that a
 * connection was closed: it has to look. A client that sends more before it has its answer does not
 * follow its requests one by one, which is its right; what it sent is read here, so its connection
 * is closed after the answer, as HTTP allows, and it asks again. Thread-safe.
 */
final class ClientPresence implements BooleanSupplier {
  private final EndPoint connection;
  private final ByteBuffer read = ByteBuffer.allocate(1024).limit(0);
  private boolean answered;
  private boolean gone;
  private boolean sentMore;

  private ClientPresence(EndPoint connection) {
    this.connection = connection;
  }

  /** The client of a request whose body was read. */
  static ClientPresence of(Context context) {
    return new ClientPresence(
        ServletContextRequest.getServletContextRequest(context.req())
            .getConnectionMetaData()
            .getConnection()
            .getEndPoint());
  }

  /** Whether the client has gone. */
  @Override
  public synchronized boolean getAsBoolean() {
    if (!answered && !gone && !sentMore) {
      look();
    }
    return gone;
  }

  private void look() {
    try {
      read.clear().limit(0);
      int count = connection.fill(read);
      gone = count < 0 || !connection.isOpen();
      sentMore = count > 0;
    } catch (IOException e) {
      gone = true;
    }
  }

  /** The answer is about to be written: the connection is left alone from here on. */
  synchronized void answer(Context context) {
    answered = true;
    if (sentMore) {
      context.header("Connection", "close");
    }
  }
}
