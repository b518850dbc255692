package io.github.cpsample.spark;

import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.apache.spark.TaskContext;

/** Where a task is: its cores, and partition and row for errors. Belongs to one task. */
final class TaskPlace {

  private final int partition;
  private long row = -1;

  /** Of the task that runs in this thread. */
  TaskPlace() {
    this.partition = TaskContext.getPartitionId();
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
      return work.get();
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

  /** A row that cannot be computed, and no fault of its image. */
  static final class TaskFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TaskFailedException(int partition, long row, String what, Throwable cause) {
      super(
          "partition " + partition + ", row " + row + " (" + what + "): " + cause.getMessage(),
          cause);
    }
  }
}
