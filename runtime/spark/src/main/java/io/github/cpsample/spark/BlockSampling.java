package io.github.cpsample.spark;

import io.github.cpsample.guard.GuardVerdict;
import io.github.cpsample.guard.IndexCheck;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.sampling.ImageReport;
import io.github.cpsample.sampling.NonFiniteImageException;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.jspecify.annotations.Nullable;

/**
 * Samples blocks of images: a row per block becomes a row per image. A block with a broken image is
 * sampled image by image, so that one broken image takes no other with it.
 */
final class BlockSampling implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  private final ClusterModel model;
  private final TravellingRequest request;
  private final long count;

  /**
   * Prepares it on the driver.
   *
   * @param count images of the whole request; ids beyond are left out
   */
  BlockSampling(ClusterModel model, TravellingRequest request, long count) {
    this.model = model;
    this.request = request;
    this.count = count;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> blocks) {
    TaskPlace place = new TaskPlace();
    return new Flattened<>(
        blocks,
        block ->
            sample(block.getLong(0), block.isNullAt(1) ? null : block.<Long>getList(1), place));
  }

  private Iterator<Row> sample(long block, @Nullable List<Long> ids, TaskPlace place) {
    long firstSeed = Math.multiplyExact(block, (long) request.batchSize());
    List<Long> wanted = new ArrayList<>();
    @Nullable Set<Long> among = ids == null ? null : new HashSet<>(ids);
    for (int i = 0; i < request.batchSize(); i++) {
      long id = firstSeed + i - request.seed();
      if (id >= 0 && id < count && (among == null || among.contains(id))) {
        wanted.add(id);
      }
    }
    place.next();
    return place.doing("images from seed " + firstSeed, () -> rows(firstSeed, wanted)).iterator();
  }

  private List<Row> rows(long firstSeed, List<Long> ids) {
    ProtectedSampler sampler = model.sampler();
    List<Row> rows = new ArrayList<>(ids.size());
    try {
      Map<Long, Row> images = images(sampler, firstSeed, request.batchSize());
      ids.forEach(id -> rows.add(images.getOrDefault(id, withheld(id))));
    } catch (NonFiniteImageException e) {
      for (long id : ids) {
        rows.add(alone(sampler, id));
      }
    }
    return rows;
  }

  private Row alone(ProtectedSampler sampler, long id) {
    try {
      return images(sampler, request.seed() + id, 1).getOrDefault(id, withheld(id));
    } catch (NonFiniteImageException e) {
      return rejected(id, String.valueOf(e.getMessage()));
    }
  }

  /** The rows of those images that are delivered, by id. */
  private Map<Long, Row> images(ProtectedSampler sampler, long firstSeed, int number) {
    SampleResult result = sampler.sample(request.images(firstSeed, number), Progress.none());
    List<Boolean> flagged = flagged(result.images());
    Map<Long, Row> rows = new HashMap<>();
    for (int i = 0; i < result.images().size(); i++) {
      ImageReport report = result.report(i);
      long id = report.seed() - request.seed();
      byte[] png = PngBytes.of(result.image(i).toBufferedImage());
      rows.put(id, row(id, report.seed(), png, report.guardedSteps() > 0, flagged.get(i), null));
    }
    return rows;
  }

  /** Judges images as their files give them back. */
  private List<Boolean> flagged(List<FloatImage> images) {
    List<Boolean> flagged = new ArrayList<>(images.size());
    Optional<IndexCheck> check = model.index().map(IndexCheck::of);
    if (check.isEmpty() || images.isEmpty()) {
      images.forEach(image -> flagged.add(null));
      return flagged;
    }
    for (GuardVerdict verdict :
        check.get().check(images.stream().map(FloatImage::rounded).toList())) {
      flagged.add(!verdict.passes());
    }
    return flagged;
  }

  private Row withheld(long id) {
    return rejected(id, "withheld, since the classifier still recognises the finished image");
  }

  private Row rejected(long id, String reason) {
    return row(id, request.seed() + id, null, null, null, reason);
  }

  /** With names, since Spark may hand it to what comes next as it is. */
  private static Row row(@Nullable Object... values) {
    return new GenericRowWithSchema(values, ProtectedImages.SCHEMA);
  }
}
