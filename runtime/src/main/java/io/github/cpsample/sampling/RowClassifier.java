package io.github.cpsample.sampling;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.TensorBuffer;
import io.github.cpsample.onnx.autodiff.ReverseDifferentiator;
import io.github.cpsample.protection.Certainty;
import io.github.cpsample.protection.Correction.Move;
import io.github.cpsample.protection.Force;
import io.github.cpsample.protection.Gate;
import io.github.cpsample.protection.Views;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Asks the classifier about rows, and finds how those that are guarded are moved. Owns its buffers;
 * belongs to one thread.
 */
final class RowClassifier {
  /** How often an exit is looked at anew before it is taken as it is. */
  private static final int EXIT_ITERATIONS = 6;

  /**
   * An exit moves no value further than this share of the noise in x_t, in the root mean square.
   */
  private static final double EXIT_CAP = 0.5;

  /** How far beyond the gate's threshold an exit aims, as a share of alpha. */
  private static final double EXIT_MARGIN = 1.1;

  private final Networks.Sessions networks;
  private final Manifest.Classifier spec;
  private final ImageShape shape;
  private final int rows;
  private final int size;
  private final int bits;
  private final TensorBuffer x;
  private final TensorBuffer t;
  private final TensorBuffer logits;
  private final TensorBuffer cotangents;
  private final TensorBuffer gradients;

  /**
   * @param rows the most images at once
   */
  RowClassifier(Networks.Sessions networks, Manifest.Classifier spec, ImageShape shape, int rows) {
    this.networks = networks;
    this.spec = spec;
    this.shape = shape;
    this.rows = rows;
    this.size = shape.size();
    this.bits = spec.bits();
    this.x = TensorBuffer.floats(rows, shape.channels(), shape.height(), shape.width());
    this.t = TensorBuffer.floats(rows);
    this.logits = TensorBuffer.floats(rows, bits);
    this.cotangents = TensorBuffer.floats(rows, bits);
    this.gradients = TensorBuffer.floats(rows, shape.channels(), shape.height(), shape.width());
  }

  /**
   * Asks about what each query wants to know, and lets its gate decide.
   *
   * @param asked at least one
   * @param all the rows of the step, by which errors name one
   * @throws NonFiniteException if a logit is not finite
   */
  void ask(List<Query> asked, List<Query> all) {
    List<float[]> subjects = asked.stream().map(Query::subject).toList();
    classify(asked, subjects, asked.stream().map(query -> query.logits(bits)).toList());
    for (Query query : asked) {
      NonFiniteException.check("classifier's logits", query.logits(), all.indexOf(query));
      double log = Certainty.log(query.logits(), 0, bits);
      query.answer(Gate.guards(log, query.alpha()), Math.exp(log));
    }
  }

  /**
   * Asks about finished images, in the views that their protection wants.
   *
   * @param finished at least one, each {@link Query#atTheEnd}
   * @throws NonFiniteException if a logit is not finite
   */
  void askAboutFinished(List<Query> finished) {
    ask(finished, finished);
    List<Query> again = new ArrayList<>();
    List<float[]> views = new ArrayList<>();
    for (Query query : finished) {
      Views wanted = query.protection().orElseThrow().finishedViews();
      for (int view = 1; wanted.looksAgain(query.certainty()) && view < wanted.count(); view++) {
        float[] moved = new float[size];
        shape.move(query.subject(), 0, Views.down(view), Views.right(view), moved, 0);
        again.add(query);
        views.add(moved);
      }
    }
    List<float[]> answers = again.stream().map(query -> new float[bits]).toList();
    for (int from = 0; from < again.size(); from += rows) {
      int to = Math.min(again.size(), from + rows);
      classify(again.subList(from, to), views.subList(from, to), answers.subList(from, to));
    }
    for (int i = 0; i < again.size(); i++) {
      add(answers.get(i), again.get(i).logits());
    }
    for (Query query : new LinkedHashSet<>(again)) {
      average(query, finished.indexOf(query));
    }
  }

  private void average(Query query, int row) {
    float[] sum = query.logits();
    float views = query.protection().orElseThrow().finishedViews().count();
    for (int k = 0; k < sum.length; k++) {
      sum[k] /= views;
    }
    NonFiniteException.check("classifier's logits", sum, row);
    double log = Certainty.log(sum, 0, bits);
    query.answer(Gate.guards(log, query.alpha()), Math.exp(log));
  }

  private static void add(float[] values, float[] target) {
    for (int i = 0; i < target.length; i++) {
      target[i] += values[i];
    }
  }

  /** Writes the guidance of each guarded query that its correction moves. */
  void guide(List<Query> guarded) {
    List<Query> pushed = guarded.stream().filter(it -> it.move() == Move.PUSH).toList();
    if (!pushed.isEmpty()) {
      push(pushed);
    }
    List<Query> leaving = guarded.stream().filter(it -> it.move() == Move.EXIT).toList();
    if (!leaving.isEmpty()) {
      exit(leaving);
    }
  }

  /** Writes the logits of each subject, which belongs to a query. */
  private void classify(List<Query> queries, List<float[]> subjects, List<float[]> answers) {
    int count = queries.size();
    gather(queries, subjects);
    networks
        .classifier()
        .run(
            Map.of(spec.input(), x.rows(count), spec.timestep(), t.rows(count)),
            Map.of(spec.output(), logits.rows(count)));
    for (int i = 0; i < count; i++) {
      logits.asFloats().get(i * bits, answers.get(i));
    }
  }

  /**
   * The guidance {@code g = s grad log p} of each, by one vector-Jacobian product. Of the predicted
   * image it is divided by {@code d x_t / d x_0 = sqrt(abar)}.
   */
  private void push(List<Query> queries) {
    List<float[]> subjects = queries.stream().map(Query::subject).toList();
    float[] cotangent = new float[bits];
    for (int i = 0; i < queries.size(); i++) {
      Query query = queries.get(i);
      query.protection().orElseThrow().cotangent(query.logits(), cotangent, 0, bits);
      cotangents.asFloats().put(i * bits, cotangent);
    }
    differentiate(queries, subjects);
    for (int i = 0; i < queries.size(); i++) {
      Query query = queries.get(i);
      float[] guidance = query.image().guidance();
      gradients.asFloats().get(i * size, guidance);
      if (query.asksAboutPrediction()) {
        scale(guidance, query.level().stateInSample());
      }
    }
  }

  /**
   * The smallest move that leaves the certain region: Newton steps along the gradient
   * (Moosavi-Dezfooli et al., 2016, DeepFool, arXiv 1511.04599) of {@code f = mean_k log p(1 -
   * y*_k)}, which at the threshold, with all bits alike, is {@code log alpha}. Each is looked at
   * anew; the whole move is no longer than half the noise in x_t. It is handed on as the guidance
   * that moves x_0 by as much.
   */
  private void exit(List<Query> queries) {
    List<Leaving> all = queries.stream().map(Leaving::of).toList();
    List<Leaving> open = new ArrayList<>(all);
    for (int turn = 0; turn < EXIT_ITERATIONS && !open.isEmpty(); turn++) {
      newton(open);
      classify(
          open.stream().map(Leaving::query).toList(),
          open.stream().map(Leaving::point).toList(),
          open.stream().map(Leaving::logits).toList());
      open.removeIf(it -> !Gate.guards(Certainty.log(it.logits(), 0, bits), it.query().alpha()));
    }
    all.forEach(it -> toGuidance(it.query(), it.point()));
  }

  /** Where a query's subject has come to on its way out, and the logits there. */
  @SuppressWarnings("ArrayRecordComponent") // points on their way, never compared
  private record Leaving(Query query, float[] point, float[] logits) {
    static Leaving of(Query query) {
      return new Leaving(query, query.subject().clone(), query.logits().clone());
    }
  }

  /** Moves each point by one capped Newton step. */
  private void newton(List<Leaving> leaving) {
    float[] cotangent = new float[bits];
    for (int i = 0; i < leaving.size(); i++) {
      Force.OPPOSITE_LABEL.cotangent(leaving.get(i).logits(), cotangent, 0, bits);
      cotangents.asFloats().put(i * bits, cotangent);
    }
    differentiate(
        leaving.stream().map(Leaving::query).toList(),
        leaving.stream().map(Leaving::point).toList());
    float[] gradient = new float[size];
    for (int i = 0; i < leaving.size(); i++) {
      Query query = leaving.get(i).query();
      gradients.asFloats().get(i * size, gradient);
      double square = 0;
      for (float value : gradient) {
        square += (double) value * value;
      }
      double goal = Math.log(Math.min(0.5, EXIT_MARGIN * query.alpha()));
      double step =
          square > 0 ? Math.max(0, goal - logAgainst(leaving.get(i).logits())) / square : 0;
      float[] point = leaving.get(i).point();
      for (int k = 0; k < size; k++) {
        point[k] += (float) (step * gradient[k]);
      }
      cap(query, point);
    }
  }

  /** {@code mean_k log p(1 - y*_k) = mean_k (log max(p, 1 - p) - |z_k|)}. */
  private double logAgainst(float[] of) {
    double sum = 0;
    for (float logit : of) {
      sum -= Math.abs((double) logit);
    }
    return Certainty.log(of, 0, bits) + sum / bits;
  }

  /** Takes a point back towards where it came from until it is near enough. */
  private void cap(Query query, float[] point) {
    float[] from = query.subject();
    double square = 0;
    for (int k = 0; k < size; k++) {
      double by = (double) point[k] - from[k];
      square += by * by;
    }
    double most = EXIT_CAP * query.level().spread();
    if (query.asksAboutPrediction()) {
      most /= query.level().signal();
    }
    double length = Math.sqrt(square / size);
    if (length > most) {
      for (int k = 0; k < size; k++) {
        point[k] = (float) (from[k] + most / length * ((double) point[k] - from[k]));
      }
    }
  }

  /** The guidance whose shift {@code (1 - abar) / sqrt(abar) g} of x_0 is the move. */
  private void toGuidance(Query query, float[] moved) {
    float[] guidance = query.image().guidance();
    float[] from = query.subject();
    double ofSample = query.asksAboutPrediction() ? 1 : 1 / query.level().signal();
    double shift = query.level().guidanceInSample();
    double factor = shift > 0 ? ofSample / shift : 0;
    for (int k = 0; k < size; k++) {
      guidance[k] = (float) (factor * ((double) moved[k] - from[k]));
    }
  }

  private void differentiate(List<Query> queries, List<float[]> subjects) {
    int count = queries.size();
    gather(queries, subjects);
    networks
        .gradient()
        .run(
            Map.of(
                spec.input(),
                x.rows(count),
                spec.timestep(),
                t.rows(count),
                ReverseDifferentiator.seedOf(spec.output()),
                cotangents.rows(count)),
            Map.of(ReverseDifferentiator.gradientOf(spec.input()), gradients.rows(count)));
  }

  private void gather(List<Query> queries, List<float[]> subjects) {
    for (int i = 0; i < queries.size(); i++) {
      x.asFloats().put(i * size, subjects.get(i));
      t.asFloats().put(i, (float) queries.get(i).level().timestep());
    }
  }

  private static void scale(float[] values, double factor) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (factor * values[i]);
    }
  }
}
