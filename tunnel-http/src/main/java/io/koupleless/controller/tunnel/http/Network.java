package io.koupleless.controller.tunnel.http;

import java.net.InetAddress;

/** An address range such as {@code 10.0.0.0/8}. */
record Network(InetAddress first, int prefix) {

    static Network of(String cidr) {
        int slash = cidr.indexOf('/');
        try {
            InetAddress first = InetAddress.ofLiteral(slash < 0 ? cidr : cidr.substring(0, slash));
            int bits = first.getAddress().length * Byte.SIZE;
            int prefix = slash < 0 ? bits : Integer.parseInt(cidr.substring(slash + 1));
            if (prefix < 0 || prefix > bits) {
                throw new IllegalArgumentException("no such prefix");
            }
            return new Network(first, prefix);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("not a network such as 10.0.0.0/8: " + cidr, e);
        }
    }

    boolean contains(InetAddress address) {
        byte[] mine = first.getAddress();
        byte[] other = address.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit++) {
            int mask = 0x80 >> bit % Byte.SIZE;
            if ((mine[bit / Byte.SIZE] & mask) != (other[bit / Byte.SIZE] & mask)) {
                return false;
            }
        }
        return true;
    }
}
