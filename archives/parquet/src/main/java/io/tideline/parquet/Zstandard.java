package io.tideline.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.jspecify.annotations.Nullable;

/**
 * Zstandard by zstd-jni for one writer or reader, because Parquet's own codecs want a Hadoop
 * configuration. {@link #release} frees native memory and may be called again. Not thread-safe.
 */
final class Zstandard implements CompressionCodecFactory {
  private static final int LEVEL = 1;

  private final Compressor compressor = new Compressor();
  private final Decompressor decompressor = new Decompressor();

  @Override
  public BytesInputCompressor getCompressor(CompressionCodecName codec) {
    return compressor;
  }

  @Override
  public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
    if (codec != CompressionCodecName.ZSTD) {
      throw new IllegalArgumentException("pages that are not compressed by Zstandard");
    }
    return decompressor;
  }

  @Override
  public void release() {
    compressor.release();
    decompressor.release();
  }

  private static final class Compressor implements BytesInputCompressor {
    private final ZstdCompressCtx context = new ZstdCompressCtx().setLevel(LEVEL);
    private byte[] scratch = {};

    /** Used again for each large page: the library copies a page before it asks for the next. */
    private @Nullable ByteBuffer large;

    @Override
    public BytesInput compress(BytesInput bytes) throws IOException {
      if (bytes.size() > SizedAllocator.LARGE) {
        return compressOutsideHeap(bytes);
      }
      byte[] plain = bytes.toByteArray();
      int bound = Math.toIntExact(Zstd.compressBound(plain.length));
      if (scratch.length < bound) {
        scratch = new byte[bound];
      }
      int length = context.compressByteArray(scratch, 0, scratch.length, plain, 0, plain.length);
      return BytesInput.from(Arrays.copyOf(scratch, length));
    }

    private BytesInput compressOutsideHeap(BytesInput bytes) throws IOException {
      int size = Math.toIntExact(bytes.size());
      SizedAllocator allocator = new SizedAllocator();
      ByteBuffer plain = allocator.allocate(size);
      try {
        bytes.writeAllTo(new BufferStream(plain));
        int bound = Math.toIntExact(Zstd.compressBound(size));
        if (large == null || large.capacity() < bound) {
          large = allocator.allocate(bound);
        }
        int length = context.compressDirectByteBuffer(large, 0, bound, plain, 0, size);
        return BytesInput.from(large, 0, length);
      } finally {
        allocator.release(plain);
      }
    }

    @Override
    public CompressionCodecName getCodecName() {
      return CompressionCodecName.ZSTD;
    }

    @Override
    public void release() {
      context.close();
    }
  }

  private static final class Decompressor implements BytesInputDecompressor {
    private final ZstdDecompressCtx context = new ZstdDecompressCtx();

    @Override
    public BytesInput decompress(BytesInput bytes, int size) throws IOException {
      if (bytes.size() <= SizedAllocator.LARGE) {
        return BytesInput.from(decompress(bytes.toByteArray(), size));
      }
      SizedAllocator allocator = new SizedAllocator();
      ByteBuffer compressed = allocator.allocate(Math.toIntExact(bytes.size()));
      try {
        bytes.writeAllTo(new BufferStream(compressed));
        return BytesInput.from(decompress(compressed.flip(), size));
      } finally {
        allocator.release(compressed);
      }
    }

    @Override
    public void decompress(ByteBuffer input, int compressed, ByteBuffer output, int size)
        throws IOException {
      byte[] bytes = new byte[compressed];
      input.get(bytes);
      output.put(decompress(bytes, size));
    }

    private byte[] decompress(byte[] bytes, int size) throws IOException {
      if (Zstd.getFrameContentSize(bytes) != size) {
        throw new IllegalArgumentException("a page of another size than its header says");
      }
      return context.decompress(bytes, size);
    }

    private byte[] decompress(ByteBuffer compressed, int size) {
      if (Zstd.getDirectByteBufferFrameContentSize(compressed, 0, compressed.limit()) != size) {
        throw new IllegalArgumentException("a page of another size than its header says");
      }
      byte[] plain = new byte[size];
      int length =
          context.decompressDirectByteBufferToByteArray(
              plain, 0, size, compressed, 0, compressed.limit());
      if (length != size) {
        throw new IllegalArgumentException("a page of another size than its header says");
      }
      return plain;
    }

    @Override
    public void release() {
      context.close();
    }
  }

  /** Writes to a buffer that has the room. */
  private static final class BufferStream extends OutputStream {
    private final ByteBuffer buffer;

    BufferStream(ByteBuffer buffer) {
      this.buffer = buffer;
    }

    @Override
    public void write(int b) {
      buffer.put((byte) b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      buffer.put(bytes, offset, length);
    }
  }
}
