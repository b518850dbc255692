package io.github.cpsample.tools.audit.figures;

/**
 * Can somebody tell that an image was trained on?
 *
 * @param attack its name and settings
 * @param attacker what the attacker has to hold
 * @param withoutProtection against the model as it is; null where the attack needs the guard
 * @param withProtection against the protected predictions, or the guard itself
 */
public record MembershipFigures(
    String attack,
    String attacker,
    AttackFigures withoutProtection,
    AttackFigures withProtection) {}
