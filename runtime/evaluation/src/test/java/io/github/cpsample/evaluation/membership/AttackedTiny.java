package io.github.cpsample.evaluation.membership;

import io.github.cpsample.bundle.BundleWriter;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.evaluation.figures.MembershipFigures;
import io.github.cpsample.evaluation.statistics.RowSource;
import io.github.cpsample.inference.Device;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The tiny model with few images of either kind, and all stages of attacks on it. */
final class AttackedTiny implements AutoCloseable {

  static final int BATCH = 3;
  static final long SEED = 17;
  static final int SIZE = TinyBundle.SHAPE.size();

  final float[][] members = images(1, 7);
  final float[][] others = images(2, 9);
  final float[][] generated = images(3, 5);
  final float[][] guarded = images(4, 6);
  final ModelBundle bundle;
  final ProtectedSampler sampler;

  AttackedTiny(Path folder) {
    this(folder, TinyBundle.memorising());
  }

  AttackedTiny(Path folder, BundleWriter model) {
    Path target = folder.resolve("bundle");
    model.toDirectory(target);
    bundle = ModelBundle.open(target);
    sampler = ProtectedSampler.open(bundle, Device.cpu());
  }

  List<MembershipStage> stages(int most) {
    return MembershipPlan.stages(
        new AttackedModel(bundle, sampler, UnaryOperator.identity()),
        new MembershipPlan.Images(
            RowSource.of(members),
            RowSource.of(others),
            RowSource.of(generated),
            RowSource.of(guarded)),
        new MembershipSettings(SEED, BATCH, most));
  }

  MembershipStage stage(String id) {
    return stages(100).stream().filter(it -> it.id().equals(id)).findFirst().orElseThrow();
  }

  List<MembershipFigures> attacks(String id) {
    return stage(id).run(Progress.none()).attacks();
  }

  @Override
  public void close() {
    sampler.close();
    bundle.close();
  }

  /** The share of pairs in which the member has the lower score, ties counting half. */
  static double auc(double[] members, double[] others) {
    double sum = 0;
    for (double member : members) {
      for (double other : others) {
        sum += member < other ? 1 : member == other ? 0.5 : 0;
      }
    }
    return sum / (members.length * others.length);
  }

  static String names(List<MembershipFigures> attacks) {
    return attacks.stream().map(MembershipFigures::attack).collect(Collectors.joining("; "));
  }

  private static float[][] images(long seed, int count) {
    Random random = new Random(seed);
    float[][] images = new float[count][SIZE];
    for (float[] image : images) {
      for (int i = 0; i < SIZE; i++) {
        image[i] = 2 * random.nextFloat() - 1;
      }
    }
    return images;
  }
}
