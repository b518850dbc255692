package io.github.cpsample.evaluation.audit;

import io.github.cpsample.base.Checks;
import io.github.cpsample.evaluation.comparators.ComparedMethods;
import io.github.cpsample.evaluation.comparators.SpellSettings;
import io.github.cpsample.evaluation.figures.MethodFigures;
import io.github.cpsample.evaluation.replication.SearchSettings;
import io.github.cpsample.evaluation.store.SeedRange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What an audit does. Everything is fixed beforehand; nothing is picked by what comes out.
 *
 * @param count seeds of the model without and with protection
 * @param comparatorCount seeds of the other methods, at most {@code count}
 * @param seed image i is made from {@code seed + i}; draws of attacks and intervals follow from it,
 *     too
 * @param batch images computed together
 * @param attackImages the largest number of training images, and of held-out images, that are
 *     attacked
 * @param methods the ways of sampling to compare; without and with protection are always among them
 * @param search how nearest training images are searched for
 * @param spellRadius radius of SPELL, as a share of the median distance of a training image to the
 *     nearest other one
 */
public record AuditSettings(
    int count,
    int comparatorCount,
    long seed,
    int batch,
    int attackImages,
    List<String> methods,
    SearchSettings.Mode search,
    double spellRadius) {

  /** The method without protection. */
  public static final String UNPROTECTED = MethodFigures.UNPROTECTED;

  /** The method that is audited. */
  public static final String PROTECTED = MethodFigures.PROTECTED;

  public AuditSettings {
    SpellSettings.requireRadius(spellRadius);
    Checks.atLeast("count", count, 4);
    Checks.atLeast("comparatorCount", comparatorCount, 4);
    Checks.atLeast("batch", batch, 1);
    Checks.atLeast("attackImages", attackImages, 2);
    Checks.argument(
        comparatorCount <= count, "comparatorCount", "at most the count " + count, comparatorCount);
    List<String> given = List.copyOf(methods);
    boolean known = ComparedMethods.NAMES.containsAll(given);
    Checks.argument(
        known && given.contains(UNPROTECTED) && given.contains(PROTECTED),
        "methods",
        UNPROTECTED + " and " + PROTECTED + ", and others of " + ComparedMethods.NAMES,
        given);
    methods = ComparedMethods.NAMES.stream().filter(given::contains).toList();
  }

  /** The seeds of a method. */
  SeedRange seeds(String method) {
    boolean compared = !method.equals(UNPROTECTED) && !method.equals(PROTECTED);
    return new SeedRange(seed, compared ? comparatorCount : count, batch);
  }

  /** Name and value of each. */
  Map<String, String> described() {
    Map<String, String> described = new LinkedHashMap<>();
    described.put("count", Integer.toString(count));
    described.put("comparatorCount", Integer.toString(comparatorCount));
    described.put("seed", Long.toString(seed));
    described.put("batch", Integer.toString(batch));
    described.put("attackImages", Integer.toString(attackImages));
    described.put("methods", String.join(" ", methods));
    described.put("search", search.name().toLowerCase(Locale.ROOT));
    described.put("spellRadius", Double.toString(spellRadius));
    return described;
  }
}
