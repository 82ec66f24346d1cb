package io.tideline.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Stands between a client and a server on this machine, and fails as networks do. */
public final class TcpProxy implements AutoCloseable {
  private final int target;
  private final ServerSocket listener;
  private final List<Link> links = new CopyOnWriteArrayList<>();
  private final AtomicReference<@Nullable Trap> trap = new AtomicReference<>();
  private volatile boolean refusing;
  private volatile Duration delay = Duration.ZERO;

  /** A proxy in front of a port. */
  public TcpProxy(int target) {
    this.target = target;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    daemon(this::accept, "proxy");
  }

  /**
   * What to wait for in what the client sends, and what to do then.
   *
   * @param marker the bytes
   * @param left how many times they are still let through
   * @param forward whether the server gets to see them the last time
   */
  private record Trap(byte[] marker, int left, boolean forward) {}

  /** The port to connect to. */
  public int port() {
    return listener.getLocalPort();
  }

  /** Breaks every connection now. */
  public void cut() {
    links.forEach(Link::close);
  }

  /** Refuses new connections, or takes them again. */
  public void refuse(boolean value) {
    refusing = value;
  }

  /** Holds up everything that is sent, each way. */
  public void delay(Duration duration) {
    delay = duration;
  }

  /**
   * When the client has sent the marker for the nth time, the server gets it, but its answer is
   * lost and the connection breaks: the client cannot know what became of it.
   */
  public void loseAnswerTo(String marker, int nth) {
    trap.set(new Trap(marker.getBytes(StandardCharsets.UTF_8), nth - 1, true));
  }

  /** When the client sends the marker for the nth time, the connection breaks before it arrives. */
  public void cutBefore(String marker, int nth) {
    trap.set(new Trap(marker.getBytes(StandardCharsets.UTF_8), nth - 1, false));
  }

  /** Waits for nothing any more. */
  public void forget() {
    trap.set(null);
  }

  /** Whether what was waited for has happened, or nothing was waited for. */
  public boolean sprung() {
    return trap.get() == null;
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cut();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        if (refusing) {
          client.close();
          continue;
        }
        Link link = new Link(client, server(client));
        links.add(link);
        daemon(link::forwardRequests, "proxy-requests");
        daemon(link::forwardAnswers, "proxy-answers");
      } catch (IOException e) {
        // The listener was closed, or the server is gone: the client saw its connection break.
        links.removeIf(link -> link.client.isClosed());
      }
    }
  }

  private Socket server(Socket client) throws IOException {
    try {
      return new Socket(InetAddress.getLoopbackAddress(), target);
    } catch (IOException e) {
      client.close();
      throw e;
    }
  }

  private static void daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private final class Link {
    private final Socket client;
    private final Socket server;
    private volatile boolean mute;

    private Link(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    private void forwardRequests() {
      pump(client, server, true);
    }

    private void forwardAnswers() {
      pump(server, client, false);
    }

    private void pump(Socket from, Socket to, boolean requests) {
      byte[] buffer = new byte[16_384];
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          pause(delay);
          if (requests && springs(buffer, read)) {
            return;
          }
          if (requests || !mute) {
            out.write(buffer, 0, read);
            out.flush();
          }
        }
      } catch (IOException e) {
        mute = true;
      } finally {
        close();
      }
    }

    /** A marker is looked for in one packet: drivers send a short statement in one. */
    private boolean springs(byte[] buffer, int read) throws IOException {
      Trap set = trap.get();
      if (set == null || !contains(buffer, read, set.marker)) {
        return false;
      }
      boolean last = set.left == 0;
      trap.compareAndSet(set, last ? null : new Trap(set.marker, set.left - 1, set.forward));
      if (last && set.forward) {
        mute = true;
        server.getOutputStream().write(buffer, 0, read);
        server.getOutputStream().flush();
        pause(Duration.ofMillis(300));
      }
      return last;
    }

    private void close() {
      try {
        client.close();
        server.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } finally {
        links.remove(this);
      }
    }
  }

  private static boolean contains(byte[] buffer, int length, byte[] marker) {
    for (int from = 0; from + marker.length <= length; from++) {
      int same = 0;
      while (same < marker.length && buffer[from + same] == marker[same]) {
        same++;
      }
      if (same == marker.length) {
        return true;
      }
    }
    return false;
  }

  private static void pause(Duration duration) {
    if (duration.isZero()) {
      return;
    }
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
