package io.github.cpsample.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskFailureListener;

/** Where a task is: its cores, and partition and row for errors. Belongs to one task. */
final class TaskPlace {

  private final int partition;
  private long row = -1;
  private String last = "before its first row";

  /**
   * Of the task that runs in this thread. If the task fails beside what is done here, such as when
   * Spark writes the rows to a full disk, the error that Spark reports gets the place as well.
   */
  TaskPlace() {
    this.partition = TaskContext.getPartitionId();
    TaskContext context = TaskContext.get();
    if (context != null) {
      context.addTaskFailureListener((TaskFailureListener) (task, error) -> place(error));
    }
  }

  private void place(Throwable error) {
    if (TaskFailedException.in(error).isEmpty()) {
      error.addSuppressed(TaskFailedException.within(partition, row, last, error));
    }
  }

  /** How many threads a network may use: the cores of a task. */
  static int threads() {
    TaskContext context = TaskContext.get();
    return context == null ? 1 : context.cpus();
  }

  /** Goes to the next row. */
  void next() {
    row++;
  }

  int partition() {
    return partition;
  }

  long row() {
    return row;
  }

  /**
   * Does something for the current row. Spark's class loader of an isolated session has no parent,
   * so services, such as random number generators and image formats, are looked for with the class
   * loader of this library meanwhile.
   *
   * @param what the row stands for, such as {@code image 7}
   * @param work what to do
   * @throws TaskFailedException with partition and row, if it fails; a task that Spark ends is
   *     ended in Spark's way
   */
  <T> T doing(String what, Supplier<T> work) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(TaskPlace.class.getClassLoader());
    try {
      T done = work.get();
      last = "writing or handing on what was made, last " + what;
      return done;
    } catch (CancellationException e) {
      TaskContext context = TaskContext.get();
      if (context != null) {
        context.killTaskIfInterrupted();
      }
      throw e;
    } catch (RuntimeException | LinkageError e) {
      throw new TaskFailedException(partition, row, what, e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** Does something for the rows of a block, which come after those that were done before. */
  <T> T doing(RowBlock block, Supplier<T> work) {
    next();
    T done = doing(block.size() + " images from image " + block.id(0) + " on", work);
    row += block.size() - 1;
    return done;
  }

  /** A row that cannot be computed or written, and no fault of its image. */
  static final class TaskFailedException extends RuntimeException {
    private static final long serialVersionUID = 2L;

    TaskFailedException(int partition, long row, String what, Throwable error) {
      this(message(partition, row, what, error));
      initCause(error);
    }

    private TaskFailedException(String message) {
      super(message);
    }

    /** Without a cause: for an error that it becomes a part of. */
    static TaskFailedException within(int partition, long row, String what, Throwable error) {
      return new TaskFailedException(message(partition, row, what, error));
    }

    private static String message(int partition, long row, String what, Throwable error) {
      return "partition " + partition + ", row " + row + " (" + what + "): " + reasons(error);
    }

    /** The one that an error of Spark stands for. */
    static Optional<TaskFailedException> in(Throwable error) {
      for (Throwable cause : causes(error)) {
        if (cause instanceof TaskFailedException failed) {
          return Optional.of(failed);
        }
        for (Throwable suppressed : cause.getSuppressed()) {
          if (suppressed instanceof TaskFailedException failed) {
            return Optional.of(failed);
          }
        }
      }
      return Optional.empty();
    }

    /** What an error says, and its first cause, which often alone tells what is wrong. */
    private static String reasons(Throwable error) {
      List<Throwable> causes = causes(error);
      String said = Objects.requireNonNullElseGet(error.getMessage(), error::toString);
      String first = causes.get(causes.size() - 1).toString();
      return said.contains(first) || causes.size() == 1 ? said : said + ", because of " + first;
    }

    private static List<Throwable> causes(Throwable error) {
      List<Throwable> causes = new ArrayList<>();
      for (Throwable at = error; at != null && !causes.contains(at); at = at.getCause()) {
        causes.add(at);
      }
      return causes;
    }
  }
}
