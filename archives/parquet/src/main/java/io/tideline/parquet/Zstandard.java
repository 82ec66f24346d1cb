package io.tideline.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

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

    @Override
    public BytesInput compress(BytesInput bytes) throws IOException {
      byte[] plain = bytes.toByteArray();
      int bound = Math.toIntExact(Zstd.compressBound(plain.length));
      if (scratch.length < bound) {
        scratch = new byte[bound];
      }
      int length = context.compressByteArray(scratch, 0, scratch.length, plain, 0, plain.length);
      return BytesInput.from(Arrays.copyOf(scratch, length));
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
      return BytesInput.from(decompress(bytes.toByteArray(), size));
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

    @Override
    public void release() {
      context.close();
    }
  }
}
