package dev.stillhouse.pipeline.teacher.served;

import com.google.common.net.InetAddresses;

/** Tells whether a host of a URL is this machine. */
final class Loopback {
  private Loopback() {}

  static boolean is(String host) {
    return host.equals("localhost")
        || (InetAddresses.isUriInetAddress(host)
            && InetAddresses.forUriString(host).isLoopbackAddress());
  }
}
