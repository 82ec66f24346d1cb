package io.tideline.postgresql;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketOption;
import java.util.Map;
import javax.net.SocketFactory;
import jdk.net.ExtendedSocketOptions;

/**
 * Makes connections whose end is noticed within a minute where the network swallows everything:
 * while the server works on a statement nothing else tells whether it is still there. The driver
 * makes it by its name.
 *
 * @see <a href="https://www.postgresql.org/docs/current/runtime-config-connection.html">The
 *     server's own tcp_keepalives_idle</a>
 */
public final class WatchedSockets extends SocketFactory {
  private static final Map<SocketOption<Integer>, Integer> SECONDS_AND_TIMES =
      Map.of(
          ExtendedSocketOptions.TCP_KEEPIDLE, 20,
          ExtendedSocketOptions.TCP_KEEPINTERVAL, 10,
          ExtendedSocketOptions.TCP_KEEPCOUNT, 3);

  /** Makes sockets that are not connected yet. */
  public WatchedSockets() {}

  @Override
  public Socket createSocket() throws IOException {
    Socket socket = new Socket();
    for (Map.Entry<SocketOption<Integer>, Integer> each : SECONDS_AND_TIMES.entrySet()) {
      if (socket.supportedOptions().contains(each.getKey())) {
        socket.setOption(each.getKey(), each.getValue());
      }
    }
    return socket;
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    throw unconnected();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int fromPort)
      throws IOException {
    throw unconnected();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    throw unconnected();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
      throws IOException {
    throw unconnected();
  }

  private static IOException unconnected() {
    return new IOException("Cannot connect here: the driver connects a socket itself.");
  }
}
