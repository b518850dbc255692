package io.github.cpsample.spark;

import io.github.cpsample.evaluation.attack.MembershipScores;
import io.github.cpsample.evaluation.figures.MembershipFigures;
import io.github.cpsample.evaluation.membership.PredictionAttack;
import io.github.cpsample.evaluation.statistics.Bootstrap;
import io.github.cpsample.sampling.NoisePredictions;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.functions;

/**
 * Scores images by all attacks on predictions where they are; what the scores are worth is computed
 * on the driver.
 */
final class ClusterMembership implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  private final ClusterModel model;
  private final TravellingRequest request;
  private final long seed;

  /** Prepares it on the driver. */
  ClusterMembership(ClusterModel model, TravellingRequest request, long seed) {
    this.model = model;
    this.request = request;
    this.seed = seed;
  }

  /** The scores of a set, in the order of ids within a partition. */
  Dataset<Row> scores(Dataset<Row> images) {
    return FeatureRows.of(images, ClusterFeatures.pixels(model.manifest().image()))
        .mapPartitions(this, Encoders.row(ImageAudit.SCORES));
  }

  @Override
  public Iterator<Row> call(Iterator<Row> images) {
    TaskPlace place = new TaskPlace();
    return new Flattened<>(
        RowBlock.of(images, request.batchSize()), block -> place.doing(block, () -> scores(block)));
  }

  private Iterator<Row> scores(RowBlock block) {
    List<PredictionAttack> attacks = PredictionAttack.all(model.sampler().manifest(), seed);
    float[][] images = new float[block.size()][];
    for (int i = 0; i < images.length; i++) {
      images[i] = block.row(i);
    }
    List<Row> rows = new ArrayList<>();
    for (boolean guarded : new boolean[] {false, true}) {
      NoisePredictions predictions =
          model.sampler().predictions(request.images(0, images.length).withProtection(guarded));
      for (PredictionAttack attack : attacks) {
        double[] scores = attack.attack().scores(predictions::epsilon, images);
        for (int i = 0; i < scores.length; i++) {
          rows.add(
              new GenericRowWithSchema(
                  new Object[] {block.id(i), attack.id(), guarded, scores[i]}, ImageAudit.SCORES));
        }
      }
    }
    return rows.iterator();
  }

  /** What the scores are worth, attack by attack. */
  List<MembershipFigures> figures(Dataset<Row> members, Dataset<Row> others) {
    Bootstrap bootstrap = Bootstrap.usual(seed);
    List<MembershipFigures> figures = new ArrayList<>();
    for (PredictionAttack attack : PredictionAttack.all(model.manifest(), seed)) {
      figures.add(
          attack.figures(
              scores(members, others, attack.id(), false),
              scores(members, others, attack.id(), true),
              bootstrap));
    }
    return figures;
  }

  private static MembershipScores scores(
      Dataset<Row> members, Dataset<Row> others, String attack, boolean guarded) {
    return new MembershipScores(
        selected(members, attack, guarded), selected(others, attack, guarded));
  }

  /** In the order of ids, as on one machine. */
  private static double[] selected(Dataset<Row> scores, String attack, boolean guarded) {
    return scores
        .where(
            functions
                .col(ImageAudit.ATTACK)
                .equalTo(attack)
                .and(functions.col(ProtectedImages.GUARDED).equalTo(guarded)))
        .orderBy(ImageAudit.ID)
        .select(ImageAudit.SCORE)
        .collectAsList()
        .stream()
        .mapToDouble(row -> row.getDouble(0))
        .toArray();
  }
}
