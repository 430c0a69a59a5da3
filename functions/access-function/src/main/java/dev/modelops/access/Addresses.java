package dev.modelops.access;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * Which addresses an issuer may have. Everything that is not globally reachable is refused (IANA special-purpose address
 * registries, RFC 6890), and so are the IPv6 forms that carry an IPv4 address inside.
 */
final class Addresses {

  private Addresses() {}

  static boolean isPublic(InetAddress address) {
    byte[] bytes = address.getAddress();
    return switch (address) {
      case Inet4Address v4 -> isPublic4(bytes);
      case Inet6Address v6 -> isPublic6(bytes);
      default -> false;
    };
  }

  private static boolean isPublic4(byte[] bytes) {
    int a = bytes[0] & 0xff;
    int b = bytes[1] & 0xff;
    int c = bytes[2] & 0xff;
    boolean special = a == 0 || a == 10 || a == 127
        || a == 100 && b >= 64 && b < 128 // shared by carriers
        || a == 169 && b == 254 // link-local: the metadata service
        || a == 172 && b >= 16 && b < 32
        || a == 192 && b == 168
        || a == 192 && b == 0 && (c == 0 || c == 2) // protocol assignments, documentation
        || a == 192 && b == 88 && c == 99 // 6to4 relays
        || a == 198 && (b == 18 || b == 19) // benchmarks
        || a == 198 && b == 51 && c == 100
        || a == 203 && b == 0 && c == 113
        || a >= 224; // multicast, reserved, broadcast
    return !special;
  }

  private static boolean isPublic6(byte[] bytes) {
    int first = (bytes[0] & 0xff) << 8 | bytes[1] & 0xff;
    int second = (bytes[2] & 0xff) << 8 | bytes[3] & 0xff;
    boolean global = (first & 0xe000) == 0x2000; // 2000::/3; leaves out ::, ::1, mapped, NAT64, fc00::, fe80::, ff00::
    boolean special = first == 0x2001 && second < 0x0200 // Teredo, ORCHID and other protocol assignments
        || first == 0x2001 && second == 0x0db8
        || first == 0x2002 // 6to4: an IPv4 address inside
        || first == 0x3fff && second < 0x1000; // documentation
    return global && !special;
  }
}
