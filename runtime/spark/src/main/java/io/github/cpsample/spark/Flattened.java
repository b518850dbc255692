package io.github.cpsample.spark;

import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;

/**
 * What a function makes of each element of a partition, one after another; an element is taken when
 * all of those before it have been handed on. Belongs to one task.
 *
 * @param <S> elements of the partition
 * @param <T> what is made of them
 */
final class Flattened<S, T> implements Iterator<T> {

  private final Iterator<S> source;
  private final Function<S, Iterator<T>> function;
  private Iterator<T> ready = Collections.emptyIterator();

  Flattened(Iterator<S> source, Function<S, Iterator<T>> function) {
    this.source = source;
    this.function = function;
  }

  @Override
  public boolean hasNext() {
    while (!ready.hasNext() && source.hasNext()) {
      ready = function.apply(source.next());
    }
    return ready.hasNext();
  }

  @Override
  public T next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.next();
  }
}
