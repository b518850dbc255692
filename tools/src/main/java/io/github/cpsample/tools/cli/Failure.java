package io.github.cpsample.tools.cli;

import io.github.cpsample.base.Checks;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.concurrent.CancellationException;

/** Says in one line what went wrong and what to do. */
final class Failure {

  private static final String REPORT =
      "; this is a fault of the tool: please report it with what --verbose prints";

  private Failure() {}

  /** Whether an exception says that the work was interrupted, rather than that it failed. */
  static boolean isInterruption(Throwable failure) {
    return failure instanceof InterruptedException
        || failure instanceof CancellationException
        || failure instanceof ClosedByInterruptException
        || Thread.currentThread().isInterrupted();
  }

  /** One line for the user whose work was interrupted. */
  static String describeInterruption(Throwable failure) {
    boolean explained = failure instanceof InterruptedException && failure.getMessage() != null;
    return explained ? "interrupted; " + oneLine(Checks.message(failure)) : "interrupted";
  }

  /** One line for the user. */
  static String describe(Throwable failure) {
    return oneLine(
        failure instanceof FileSystemException file ? describeFile(file) : describeOther(failure));
  }

  private static String describeFile(FileSystemException e) {
    if (e instanceof NoSuchFileException) {
      return e.getFile() + ": expected a file or folder, found nothing there; check the path";
    }
    if (e instanceof AccessDeniedException) {
      return e.getFile() + ": access denied; check its permissions or choose another path";
    }
    if (e instanceof FileAlreadyExistsException || e instanceof NotDirectoryException) {
      return e.getFile() + ": expected a folder, found a file; choose another path";
    }
    return Checks.message(e);
  }

  private static String describeOther(Throwable e) {
    if (e instanceof OutOfMemoryError) {
      return "out of memory ("
          + e.getMessage()
          + "); use a smaller --batch or more memory, for instance CPSAMPLE_JAVA_OPTS=-Xmx8g";
    }
    if (e instanceof UnsatisfiedLinkError) {
      return "a native library cannot be loaded on this platform: " + e.getMessage();
    }
    boolean fault =
        e instanceof Error
            || e instanceof NullPointerException
            || e instanceof IndexOutOfBoundsException
            || e instanceof ClassCastException;
    if (fault || e.getMessage() == null || e.getMessage().isBlank()) {
      return e + REPORT;
    }
    return Checks.message(e);
  }

  private static String oneLine(String text) {
    return text == null ? "unknown failure" + REPORT : text.strip().replaceAll("\\s*\\R\\s*", " ");
  }

  /** The stack trace with its causes. */
  static String trace(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }
}
