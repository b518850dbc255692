package io.github.cpsample.tools.audit.figures;

import java.util.List;

/**
 * Who can tell from what that an image was trained on.
 *
 * @param name such as {@code sampler on a server, images out}
 * @param attacker what the attacker holds
 * @param attacks names of the attacks in the membership figures that such an attacker can mount
 * @param largestAuc of them, each taken in the direction that tells more
 * @param verdict what the figures support, one plain sentence
 */
public record Deployment(
    String name, String attacker, List<String> attacks, double largestAuc, String verdict) {}
