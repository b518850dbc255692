/** What a host application compiles against. Depends on the JDK only. */
package io.github.cpsample.plugin;
