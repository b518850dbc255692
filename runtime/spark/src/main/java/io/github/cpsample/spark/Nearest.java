package io.github.cpsample.spark;

import io.github.cpsample.image.ReplicaRule;
import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;

/**
 * The nearest rows of a query so far, nearest first, equal distances by id. Belongs to one thread.
 */
final class Nearest implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long[] ids;
  private final double[] distances;
  private int size;

  /** None yet. */
  Nearest(int most) {
    this.ids = new long[most];
    this.distances = new double[most];
  }

  /** Takes a row if it is among the nearest. */
  void add(long id, double distance) {
    if (size == ids.length && !before(id, distance, size - 1)) {
      return;
    }
    int place = size == ids.length ? size - 1 : size++;
    for (; place > 0 && before(id, distance, place - 1); place--) {
      ids[place] = ids[place - 1];
      distances[place] = distances[place - 1];
    }
    ids[place] = id;
    distances[place] = distance;
  }

  private boolean before(long id, double distance, int place) {
    return distance < distances[place] || (distance == distances[place] && id < ids[place]);
  }

  /** Takes what is nearest of others. */
  Nearest addAll(Nearest others) {
    for (int i = 0; i < others.size; i++) {
      add(others.ids[i], others.distances[i]);
    }
    return this;
  }

  /** No row that is farther away can be among the nearest. */
  double farthest() {
    return size < ids.length ? Double.POSITIVE_INFINITY : distances[size - 1];
  }

  /** Id, nearest id, its distance, mean distance of the next ones, whether it is a replica. */
  Row match(long id, ReplicaRule rule) {
    if (size <= rule.neighbours()) {
      throw new IllegalStateException(
          "training: expected more than " + rule.neighbours() + " different images, found " + size);
    }
    double meanOfNext = Arrays.stream(distances).skip(1).average().orElseThrow();
    return new GenericRowWithSchema(
        new Object[] {
          id, ids[0], distances[0], meanOfNext, rule.isReplica(distances[0], meanOfNext)
        },
        ImageAudit.MATCHES);
  }
}
