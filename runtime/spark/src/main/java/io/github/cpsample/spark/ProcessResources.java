package io.github.cpsample.spark;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a process keeps open for all its tasks: networks, of which there is one for each model and
 * number of threads, and what else is large. Closed when the process ends. Thread-safe.
 */
final class ProcessResources {

  /** Opens a resource. */
  @FunctionalInterface
  interface Opening<T> {
    T open() throws Exception;
  }

  private static final Map<String, Object> OPEN = new HashMap<>();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(ProcessResources::closeAll, "cpsample-close"));
  }

  private ProcessResources() {}

  /**
   * The resource of a key, opened by the first task that asks for it while others wait.
   *
   * @param key names the content, by its hash, and how it is opened
   * @param type of the resource
   * @param opening how it is opened
   * @throws IllegalStateException if it cannot be opened; the next task tries again
   */
  static synchronized <T> T get(String key, Class<T> type, Opening<T> opening) {
    Object found = OPEN.get(key);
    if (found == null) {
      try {
        found = opening.open();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(key + " cannot be opened: " + e.getMessage(), e);
      }
      OPEN.put(key, found);
    }
    return type.cast(found);
  }

  private static synchronized void closeAll() {
    List<Object> all = new ArrayList<>(OPEN.values());
    OPEN.clear();
    for (Object resource : all) {
      if (resource instanceof AutoCloseable closeable) {
        try {
          closeable.close();
        } catch (Exception e) {
          System.err.println("cpsample: " + resource + " cannot be closed: " + e);
        }
      }
    }
  }
}
