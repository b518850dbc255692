package io.github.cpsample.spark;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The elements of a partition some at a time. Belongs to one task.
 *
 * @param <T> the elements
 */
final class Chunks<T> implements Iterator<List<T>> {

  private final Iterator<T> source;
  private final int most;

  /**
   * Cuts a partition.
   *
   * @param most elements of a chunk; the last one may have fewer
   */
  Chunks(Iterator<T> source, int most) {
    this.source = source;
    this.most = most;
  }

  @Override
  public boolean hasNext() {
    return source.hasNext();
  }

  @Override
  public List<T> next() {
    List<T> chunk = new ArrayList<>();
    do {
      chunk.add(source.next());
    } while (chunk.size() < most && source.hasNext());
    return chunk;
  }
}
