package io.github.cpsample.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class TaskPlaceTest {

  @Test
  void failuresTellPartitionAndRow() {
    TaskPlace place = new TaskPlace();
    place.next();
    place.next();
    UnsatisfiedLinkError cause = new UnsatisfiedLinkError("no native library");
    TaskPlace.TaskFailedException failed =
        assertThrows(
            TaskPlace.TaskFailedException.class,
            () ->
                place.doing(
                    "image 7",
                    () -> {
                      throw cause;
                    }));
    assertEquals("partition 0, row 1 (image 7): no native library", failed.getMessage());
    assertSame(cause, failed.getCause());
  }

  @Test
  void servicesAreFoundByTheLoaderOfTheLibrary() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    ClassLoader isolated = new ClassLoader(null) {};
    thread.setContextClassLoader(isolated);
    try {
      assertSame(
          TaskPlace.class.getClassLoader(),
          new TaskPlace().doing("services", thread::getContextClassLoader));
      assertSame(isolated, thread.getContextClassLoader());
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
