package io.github.cpsample.evaluation.membership;

import io.github.cpsample.evaluation.attack.MembershipScores;
import io.github.cpsample.sampling.Progress;

/**
 * The candidates that a stage asks about.
 *
 * @param members training images
 * @param others held-out images
 * @param batch how many are asked about together
 */
record Question(Candidates members, Candidates others, int batch) {

  /** Scores some neighbouring candidates. */
  @FunctionalInterface
  interface Scorer {
    /**
     * Scores candidates.
     *
     * @param candidates all of one kind
     * @param first the first to score
     * @param count how many, at least 1
     * @return for each measure the scores of these candidates
     */
    double[][] score(Candidates candidates, int first, int count);
  }

  /** For each measure the scores of all candidates. */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Answers(double[][] members, double[][] others) {

    /** One measure, which is low for members. */
    MembershipScores scores(int measure) {
      return new MembershipScores(members[measure], others[measure]);
    }
  }

  int images() {
    return members.size() + others.size();
  }

  /** Counts some rounds over all candidates. */
  Progress.Counter counter(Progress progress, int rounds) {
    return new Progress.Counter(progress, Math.multiplyExact(rounds, images()));
  }

  /** Scores all candidates by some measures, batch by batch. */
  Answers ask(int measures, Scorer scorer, Progress.Counter counter) {
    return new Answers(
        ask(members, measures, scorer, counter), ask(others, measures, scorer, counter));
  }

  private double[][] ask(
      Candidates candidates, int measures, Scorer scorer, Progress.Counter counter) {
    double[][] scores = new double[measures][candidates.size()];
    for (int first = 0; first < candidates.size(); first += batch) {
      int count = Math.min(batch, candidates.size() - first);
      double[][] found = scorer.score(candidates, first, count);
      for (int measure = 0; measure < measures; measure++) {
        System.arraycopy(found[measure], 0, scores[measure], first, count);
      }
      counter.afterSteps(count);
      counter.beforeStep();
    }
    return scores;
  }
}
