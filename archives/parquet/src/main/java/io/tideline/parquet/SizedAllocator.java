package io.tideline.parquet;

import java.nio.ByteBuffer;
import org.apache.parquet.bytes.ByteBufferAllocator;
import org.apache.parquet.bytes.DirectByteBufferAllocator;

/**
 * Small buffers on the heap and large ones outside it, so that a value of 32 MB, of which a page
 * needs several copies, passes through a small heap.
 */
final class SizedAllocator implements ByteBufferAllocator {
  static final int LARGE = 1 << 20;

  private final ByteBufferAllocator outside = DirectByteBufferAllocator.getInstance();

  @Override
  public ByteBuffer allocate(int size) {
    return size > LARGE ? outside.allocate(size) : ByteBuffer.allocate(size);
  }

  @Override
  public void release(ByteBuffer buffer) {
    if (buffer.isDirect()) {
      outside.release(buffer);
    }
  }

  @Override
  public boolean isDirect() {
    return false;
  }
}
