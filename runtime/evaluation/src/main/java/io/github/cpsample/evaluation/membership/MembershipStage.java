package io.github.cpsample.evaluation.membership;

import io.github.cpsample.sampling.Progress;

/**
 * One question that an attacker asks a model about all candidates. Its result depends on the model,
 * the candidates and the settings alone, not on the stages before it: once stored, it need not be
 * run again. Belongs to one thread.
 */
public interface MembershipStage {

  /**
   * Its name for files, unique in a plan.
   *
   * @return lower-case letters, digits and hyphens
   */
  String id();

  /**
   * Its name for people.
   *
   * @return such as {@code SecMI (t_sec=100, k=10)}
   */
  String title();

  /**
   * Asks.
   *
   * @param progress is told how much is done, and may cancel
   * @return what came of it
   * @throws java.util.concurrent.CancellationException if {@code progress} cancels
   */
  MembershipResult run(Progress progress);
}
