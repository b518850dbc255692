/**
 * The commands of the menu {@code Plugins > CPSample} of ImageJ and Fiji.
 *
 * <p>Here belongs what turns ImageJ's windows, stacks and dialogs into calls of the runtime and
 * back. Decisions about images do not belong here.
 */
package io.github.cpsample.imagej;
