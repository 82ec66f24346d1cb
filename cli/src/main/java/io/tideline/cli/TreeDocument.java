package io.tideline.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.tideline.archive.ArchiveView;
import io.tideline.archive.ArchivedTree;
import io.tideline.cli.output.JsonAnswer;
import java.io.PrintStream;
import java.util.List;

/** One archived tree as a JSON document: its rows by table, the root's first. */
final class TreeDocument {
  private static final Gson JSON = new GsonBuilder().disableHtmlEscaping().create();

  private final ArchivedTree tree;
  private final ArchiveRows rows = new ArchiveRows(List.of());

  TreeDocument(ArchivedTree tree) {
    this.tree = tree;
  }

  /** Writes it; gives the number of rows. */
  long write(PrintStream out) {
    out.append("{\n\"tree\": ").append(JSON.toJson(tree.name()));
    out.append(",\n\"run\": ").append(JSON.toJson(tree.run()));
    out.append(",\n\"archivedAt\": ").append(JSON.toJson(tree.sealedAt().toString()));
    long count = write(out, "tables", tree.tables());
    write(out, "detached", tree.detached());
    out.append("}\n").flush();
    return count;
  }

  private long write(PrintStream out, String member, List<ArchiveView> views) {
    out.append(",\n\"").append(member).append("\": {");
    long count = 0;
    String separator = "\n";
    for (ArchiveView view : views) {
      out.append(separator).append(JSON.toJson(view.table())).append(": ");
      count += rows.write(view, new JsonAnswer(out, false));
      separator = ",\n";
    }
    out.append("}\n");
    return count;
  }
}
