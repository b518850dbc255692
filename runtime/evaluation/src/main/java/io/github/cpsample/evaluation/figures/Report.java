package io.github.cpsample.evaluation.figures;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An audit: report.json as it is written.
 *
 * @param format of these fields, {@link #FORMAT}
 * @param provenance what was measured with what
 * @param methods the ways of sampling that were compared
 * @param replication by every measure, the fixed rule in pixels first
 * @param searches how nearest images were found
 * @param worst the seeds that came nearest to a training image without protection, nearest first
 * @param quality per method, embedder and reference; empty without an embedder
 * @param membership attacks
 * @param deployments what the attacks mean for whom
 * @param guard what the guard did
 * @param strips some seeds on their way
 * @param tradeOff other settings; null where they were not measured
 */
public record Report(
    int format,
    Provenance provenance,
    List<MethodFigures> methods,
    List<SimilarityFigures> replication,
    List<SearchFigures> searches,
    List<WorstPair> worst,
    List<QualityFigures> quality,
    List<MembershipFigures> membership,
    List<Deployment> deployments,
    GuardFigures guard,
    List<TrajectoryStrip> strips,
    @Nullable TradeOff tradeOff) {

  /** The form that is written now. */
  public static final int FORMAT = 3;
}
