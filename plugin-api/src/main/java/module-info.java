/**
 * What a host application compiles against. Providers are found with {@link
 * io.github.cpsample.plugin.PluginLoader}, or as services of the two interfaces named here.
 */
module io.github.cpsample.plugin {
  requires transitive java.desktop;

  exports io.github.cpsample.plugin;

  uses io.github.cpsample.plugin.ProtectedImageProvider;
  uses io.github.cpsample.plugin.ImageOperation;
}
