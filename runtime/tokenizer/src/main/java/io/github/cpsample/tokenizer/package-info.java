/**
 * The tokenizers of Hugging Face, behind {@link io.github.cpsample.inference.TokenizerProvider}.
 * The native library comes from the class path and is unpacked into DJL's cache ({@code
 * DJL_CACHE_DIR}, {@code .djl.ai} in the home folder by default); nothing is downloaded or
 * reported.
 */
package io.github.cpsample.tokenizer;
