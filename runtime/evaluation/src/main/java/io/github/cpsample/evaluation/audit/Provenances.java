package io.github.cpsample.evaluation.audit;

import io.github.cpsample.evaluation.embedding.Embedder;
import io.github.cpsample.evaluation.figures.Provenance;
import io.github.cpsample.evaluation.store.WorkFolder;
import java.util.List;
import java.util.Map;

/** Says what an audit measured with what. */
final class Provenances {

  private Provenances() {}

  static Provenance of(
      AuditedModel model,
      AuditImages images,
      List<Embedder> embedders,
      AuditSettings settings,
      WorkFolder work) {
    Map<String, String> described = settings.described();
    described.put("device", model.sampler().device().device().toString());
    described.put("condition", model.condition().described());
    embedders.forEach(it -> described.put("embedder " + it.name(), it.description()));
    return new Provenance(
        model.manifest().name(),
        model.files(),
        model.protection(),
        images.identities(),
        described,
        Versions.all(),
        work.began(),
        work.seconds());
  }
}
