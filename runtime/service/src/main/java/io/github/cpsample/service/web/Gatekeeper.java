package io.github.cpsample.service.web;

import io.github.cpsample.service.settings.ApiKeys;
import io.github.cpsample.service.settings.ApiKeys.Holder;
import io.github.cpsample.service.settings.ServiceSettings;
import io.github.cpsample.service.web.Endpoint.Access;
import io.javalin.http.Context;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/**
 * Decides who may call what. Besides keys it looks at what browsers say about where a request comes
 * from: pages of other sites can make a browser send requests to this machine. Thread-safe.
 */
final class Gatekeeper {
  private static final String BEARER = "Bearer ";
  private static final List<String> OWN_NAMES = List.of("localhost", "127.0.0.1", "[::1]");

  private final Optional<ApiKeys> keys;
  private final boolean onlyThisMachine;

  Gatekeeper(ServiceSettings settings) {
    this.keys = settings.keys();
    this.onlyThisMachine = isLoopback(settings.host());
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /**
   * Lets a request through.
   *
   * @throws ApiException if it may not
   */
  void admit(Context context, Access access) {
    refuseOtherSites(context);
    if (keys.isEmpty() || access == Access.PUBLIC) {
      return;
    }
    String header = Optional.ofNullable(context.header("Authorization")).orElse("");
    if (!header.startsWith(BEARER)) {
      throw refused("expected 'Bearer KEY', found " + (header.isEmpty() ? "none" : "another one"));
    }
    Holder holder = keys.get().holder(header.substring(BEARER.length()).strip());
    if (holder == Holder.NOBODY) {
      throw refused("expected one of this service's keys, found another one");
    }
    if (access == Access.OPERATOR && holder != Holder.OPERATOR) {
      throw refused("expected an operator's key, found a user's");
    }
  }

  private void refuseOtherSites(Context context) {
    String host = Optional.ofNullable(context.header("Host")).orElse("");
    if (onlyThisMachine && !OWN_NAMES.contains(host.replaceFirst(":\\d+$", ""))) {
      throw ApiException.refused(
          403, "other_site", "", "Host: expected a name of this machine, found another one");
    }
    String origin = context.header("Origin");
    if (origin != null && !isOf(origin, host)) {
      throw ApiException.refused(
          403, "other_site", "", "Origin: expected this service, found another site");
    }
  }

  private static boolean isOf(String origin, String host) {
    try {
      return host.equals(URI.create(origin).getAuthority());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static ApiException refused(String message) {
    return ApiException.refused(401, "invalid_api_key", "", "Authorization: " + message);
  }
}
